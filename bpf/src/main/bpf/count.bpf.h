/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * count.bpf.h - sums of calls, kept in the kernel: exact whatever the ring loses.
 */
#ifndef RASTRO_COUNT_BPF_H
#define RASTRO_COUNT_BPF_H

#include "maps.bpf.h"

#define ERRNO_MAX 4095

/* The first bucket begins at 2^5 ns; each power of two has 2^2 buckets. */
#define HISTOGRAM_FIRST_LOG2 5
#define HISTOGRAM_SUB_LOG2 2

/* A failed insert into a full map costs every call 170 ns: try a new key only so often per task. */
#define COUNTER_RETRY_NS 100000000ULL

static const struct rastro_counter zero_counter;

static __always_inline bool is_error(s64 result)
{
	return result < 0 && result >= -ERRNO_MAX;
}

static __always_inline u32 log2_of(u64 value)
{
	u32 log = 0;

	if (value >> 32) {
		value >>= 32;
		log += 32;
	}
	if (value >> 16) {
		value >>= 16;
		log += 16;
	}
	if (value >> 8) {
		value >>= 8;
		log += 8;
	}
	if (value >> 4) {
		value >>= 4;
		log += 4;
	}
	if (value >> 2) {
		value >>= 2;
		log += 2;
	}
	if (value >> 1)
		log++;
	return log;
}

static __always_inline u32 histogram_bucket(u64 duration_ns)
{
	u32 log, bucket;

	if (duration_ns < (1 << HISTOGRAM_FIRST_LOG2))
		return 0;
	log = log2_of(duration_ns);
	bucket = (log - HISTOGRAM_FIRST_LOG2) << HISTOGRAM_SUB_LOG2;
	bucket += (duration_ns >> (log - HISTOGRAM_SUB_LOG2)) & ((1 << HISTOGRAM_SUB_LOG2) - 1);
	return bucket < RASTRO_HISTOGRAM_BUCKETS ? bucket : RASTRO_HISTOGRAM_BUCKETS - 1;
}

static __always_inline struct rastro_counter *counter_of(struct stash *stash, u32 tgid, u64 now_ns)
{
	struct rastro_counter_key key = {
		.start_ns = stash->start_ns,
		.tgid = tgid,
		.slot = stash->slot,
	};
	struct rastro_counter *counter = bpf_map_lookup_elem(&counters, &key);

	if (counter || now_ns < stash->counter_retry_ns)
		return counter;
	bpf_map_update_elem(&counters, &key, &zero_counter, BPF_NOEXIST);
	counter = bpf_map_lookup_elem(&counters, &key);
	if (!counter)
		stash->counter_retry_ns = now_ns + COUNTER_RETRY_NS;
	return counter;
}

/* error: an errno, or one of enum rastro_outcome. */
static __always_inline void count_error(struct stash *stash, u32 tgid, u16 error)
{
	struct rastro_error_key key = {
		.start_ns = stash->start_ns,
		.tgid = tgid,
		.slot = stash->slot,
		.error = error,
	};
	u64 zero = 0, *count = bpf_map_lookup_elem(&errors, &key);

	if (!count) {
		/* Another CPU may be first: then the key exists, which is as good. */
		bpf_map_update_elem(&errors, &key, &zero, BPF_NOEXIST);
		count = bpf_map_lookup_elem(&errors, &key);
	}
	if (count)
		__sync_fetch_and_add(count, 1);
	else
		count_loss(RASTRO_LOST_COUNTER);
}

/* duration_ns counts only if the entry was seen. */
static __always_inline void count_call(struct stash *stash, u32 tgid, s64 result, u64 now_ns)
{
	struct rastro_counter *counter = counter_of(stash, tgid, now_ns);
	u64 duration_ns, bucket;

	if (is_error(result))
		count_error(stash, tgid, -result);
	if (!counter) {
		count_loss(RASTRO_LOST_COUNTER);
		return;
	}
	counter->calls++;
	if (is_error(result))
		counter->errors++;
	if (!stash->entry_ns)
		return;
	duration_ns = now_ns - stash->entry_ns;
	if (!counter->timed || duration_ns < counter->min_ns)
		counter->min_ns = duration_ns;
	if (duration_ns > counter->max_ns)
		counter->max_ns = duration_ns;
	counter->timed++;
	counter->total_ns += duration_ns;
	bucket = histogram_bucket(duration_ns);
	CLAMP(bucket, RASTRO_HISTOGRAM_BUCKETS - 1);
	counter->histogram[bucket]++;
}

#endif /* RASTRO_COUNT_BPF_H */
