/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * emit.bpf.h - records into the ring, and the one wake-up that a sleeping consumer asked for.
 */
#ifndef RASTRO_EMIT_BPF_H
#define RASTRO_EMIT_BPF_H

#include "maps.bpf.h"

/* The ring of this processor. */
static __always_inline void *own_ring(void)
{
	u32 cpu = bpf_get_smp_processor_id();

	return bpf_map_lookup_elem(&rings, &cpu);
}

/* A record did not fit: charge it to every session that wanted it. Not static: 64 turns, seldom. */
__noinline int count_ring_loss(u64 sessions)
{
	u32 bit;

	count_loss(RASTRO_LOST_RING);
	for (bit = 0; bit < RASTRO_SESSIONS; bit++) {
		if ((sessions >> bit) & 1)
			__sync_fetch_and_add(&control.lost_by_session[bit], 1);
	}
	return 0;
}

/*
 * Records are submitted without a wake-up, which would cost the traced program a microsecond each. A
 * consumer that is about to sleep sets "armed", fences and looks at the ring once more; committing a
 * record is a full barrier too, so either it sees our record or we see it armed.
 */
static __always_inline void wake_consumer(void)
{
	volatile u32 *armed = &control.armed;
	void *ring, *nudge = NULL;

	if (!*armed)
		return;
	*armed = 0;
	ring = own_ring();
	if (ring)
		nudge = bpf_ringbuf_reserve(ring, 8, 0);
	if (!nudge) {
		*armed = 1;
		count_loss(RASTRO_LOST_WAKE);
		return;
	}
	bpf_ringbuf_discard(nudge, BPF_RB_FORCE_WAKEUP);
}

/* A record of fixed size, or NULL, which is counted. To be filled and given to emit(). */
#define RESERVE(type, sessions)                                                                    \
	({                                                                                         \
		void *ring_ = own_ring();                                                          \
		type *reserved_ = ring_ ? bpf_ringbuf_reserve(ring_, sizeof(type), 0) : NULL;      \
		if (!reserved_) {                                                                  \
			count_ring_loss(sessions);                                                 \
			wake_consumer();                                                           \
		}                                                                                  \
		reserved_;                                                                         \
	})

/* The same for a fork, exec or exit, which is an event for those alone that asked for them. */
#define RESERVE_LIFECYCLE(type, sessions)                                                          \
	({                                                                                         \
		void *ring_ = own_ring();                                                          \
		type *reserved_ = ring_ ? bpf_ringbuf_reserve(ring_, sizeof(type), 0) : NULL;      \
		if (!reserved_) {                                                                  \
			count_loss(RASTRO_LOST_LIFECYCLE);                                         \
			if ((sessions) & control.lifecycle_told)                                   \
				count_ring_loss((sessions) & control.lifecycle_told);              \
			wake_consumer();                                                           \
		}                                                                                  \
		reserved_;                                                                         \
	})

static __always_inline void emit(void *record)
{
	bpf_ringbuf_submit(record, BPF_RB_NO_WAKEUP);
	wake_consumer();
}

/* The call and the segments that stand in a scratch; returns whether they fitted. Wakes nobody. */
static __always_inline bool output_scratch(struct scratch *s)
{
	u64 payload = s->used;
	void *ring = own_ring();

	CLAMP(payload, RASTRO_PAYLOAD_BYTES);
	return ring && !bpf_ringbuf_output(ring, &s->call, sizeof(s->call) + payload, BPF_RB_NO_WAKEUP);
}

/*
 * The same for a call that is an event. An entry that did not fit is no event that is lost, as its
 * return follows: it is for the caller to count.
 */
static __always_inline bool emit_scratch(struct scratch *s)
{
	bool fitted = output_scratch(s);

	if (!fitted && s->call.head.kind != RASTRO_CALL_ENTER)
		count_ring_loss(s->call.head.sessions);
	wake_consumer();
	return fitted;
}

#endif /* RASTRO_EMIT_BPF_H */
