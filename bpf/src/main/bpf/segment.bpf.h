/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * segment.bpf.h - pieces of user memory, appended to the payload of a scratch.
 *
 * The functions that are not static are verified once, each for itself, whatever their arguments; as
 * static or inlined functions they are verified again for every path that leads to them, and the
 * verifier gives up: "BPF program is too large. Processed 1000001 insn". For that they may take
 * nothing but numbers, and every one must use all its arguments, or clang drops one and the call
 * no longer fits. At most eight frames may be active: program, capture, run_op, put_messages,
 * put_message, put_iovecs, put_bytes, read_pages.
 *
 * Each returns 0, or NOT_RESIDENT when its op must be rolled back and read again at exit.
 */
#ifndef RASTRO_SEGMENT_BPF_H
#define RASTRO_SEGMENT_BPF_H

#include "emit.bpf.h"

#define PAGE_BYTES 4096
#define PAGES_PER_SEGMENT (RASTRO_SEGMENT_BYTES / PAGE_BYTES + 1)
#define NOT_RESIDENT (-1)

/* Rounds down to 8; an and with a constant is the bound that the verifier follows. */
#define EIGHTS(bytes) ((bytes) & 0xfff8)

/*
 * Whoever reads again what could not be read wants to know where that was: the first such place, but for
 * those of which it knows that nothing can be done.
 */
static __always_inline void note_lacking(struct scratch *s, u64 address)
{
#ifdef RASTRO_PAGE_IN
	if (s->lacks++ == s->hopeless)
		s->lacking = address;
#endif
}

/* Where the next segment may begin, if there is room for one. */
static __always_inline bool has_room(struct scratch *s)
{
	if (s->used <= RASTRO_PAYLOAD_BYTES - 64)
		return true;
	s->call.head.flags |= RASTRO_PAYLOAD_FULL;
	return false;
}

static __always_inline u64 room_at(struct scratch *s, u64 at)
{
	return RASTRO_PAYLOAD_BYTES - sizeof(struct rastro_segment) - at;
}

/* Writes the head before bytes that are in place, clears what pads them, and moves on. */
static __always_inline void close_segment(struct scratch *s, u64 at, u64 address, u64 wanted,
					  u64 length, u8 kind, u8 status)
{
	struct rastro_segment *segment;
	u64 *last;

	CLAMP(at, RASTRO_PAYLOAD_BYTES);
	CLAMP(length, RASTRO_SEGMENT_BYTES);
	segment = (void *)(s->payload + at);
	last = (void *)(s->payload + at + sizeof(*segment) + EIGHTS(length));
	*last &= (1ULL << ((length & 7) * 8)) - 1;
	segment->address = address;
	segment->wanted = wanted;
	segment->length = length;
	segment->op = s->op;
	segment->arg = s->arg;
	segment->kind = kind;
	segment->status = status | s->status;
	s->used = at + sizeof(*segment) + EIGHTS(length + 7);
}

/* Notes that memory could not be read; says whether the op ends here, to be repeated at exit. */
static __always_inline bool postpone(struct scratch *s, u32 phase)
{
	if (phase != PHASE_ENTRY)
		return false;
	s->late |= 1 << (s->op & (RASTRO_OPS - 1));
	return !s->keep_faults;
}

/*
 * Reads page by page into the payload, up to the first page that cannot be read; returns how many
 * bytes came. A read that touches one bad page fails whole, so this follows a failed read.
 */
__noinline int read_pages(u32 phase, u32 at, u32 length, u64 address)
{
	struct scratch *s = scratch_of(phase);
	u32 done = 0, page;
	u64 offset, bytes;

	if (!s)
		return 0;
	for (page = 0; page < PAGES_PER_SEGMENT; page++) {
		if (done >= length)
			break;
		bytes = PAGE_BYTES - ((address + done) & (PAGE_BYTES - 1));
		if (bytes > length - done)
			bytes = length - done;
		offset = at + done;
		CLAMP(offset, RASTRO_PAYLOAD_BYTES);
		CLAMP(bytes, PAGE_BYTES);
		if (bpf_probe_read_user(s->payload + offset, bytes, (void *)(address + done))) {
			note_lacking(s, address + done);
			break;
		}
		done += bytes;
	}
	return done;
}

__noinline int put_bytes(u32 phase, u64 address, u64 wanted, u32 limit)
{
	struct scratch *s = scratch_of(phase);
	u64 at, take = wanted, room;
	u8 fault = 0;

	if (!s || !has_room(s))
		return 0;
	at = s->used;
	CLAMP(at, RASTRO_PAYLOAD_BYTES);
	room = room_at(s, at);
	if (take > limit)
		take = limit;
	if (take > room) {
		take = room;
		s->call.head.flags |= RASTRO_PAYLOAD_FULL;
	}
	CLAMP(take, RASTRO_SEGMENT_BYTES);
	if (take && bpf_probe_read_user(s->payload + at + sizeof(struct rastro_segment), take,
					(void *)address)) {
		if (postpone(s, phase))
			return NOT_RESIDENT;
		fault = RASTRO_FAULT | (take < wanted ? RASTRO_TRUNCATED : 0);
		take = (u32)read_pages(phase, at + sizeof(struct rastro_segment), take, address);
	}
	close_segment(s, at, address, wanted, take, RASTRO_BYTES,
		      fault ? fault : take < wanted ? RASTRO_TRUNCATED : 0);
	return 0;
}

__noinline int put_string(u32 phase, u64 address, u32 limit)
{
	struct scratch *s = scratch_of(phase);
	u64 at, room, size, length;
	u8 status = 0;
	long read;

	if (!s || !has_room(s))
		return 0;
	at = s->used;
	CLAMP(at, RASTRO_PAYLOAD_BYTES);
	/* Room for the NUL and one byte more: a full buffer then means that the string is longer. */
	room = room_at(s, at) - 8;
	size = (u64)limit + 2;
	if (size > room) {
		size = room;
		s->call.head.flags |= RASTRO_PAYLOAD_FULL;
	}
	CLAMP(size, RASTRO_PATH_BYTES + 2);
	read = bpf_probe_read_user_str(s->payload + at + sizeof(struct rastro_segment), size,
				       (void *)address);
	if (read < 0) {
		if (postpone(s, phase))
			return NOT_RESIDENT;
		length = (u32)read_pages(phase, at + sizeof(struct rastro_segment), size - 2, address);
		status = RASTRO_FAULT;
	} else if (read == size) {
		length = size - 2;
		status = RASTRO_TRUNCATED;
	} else {
		length = read > 0 ? read - 1 : 0;
	}
	close_segment(s, at, address, status ? 0 : length, length, RASTRO_STRING, status);
	return 0;
}

/*
 * The bodies of the two loops below are functions of their own for the verifier's sake: it walks each
 * of the 256 turns, and a turn is then a call instead of some thirty instructions with branches.
 */

/* Stores one pointer of an array behind those before it; returns 0 at the NULL that ends the array. */
__noinline int put_pointer(u32 phase, u32 index, u64 address)
{
	struct scratch *s = scratch_of(phase);
	u64 offset, pointer;

	if (!s)
		return 0;
	offset = s->used + sizeof(struct rastro_segment) + (u64)index * sizeof(pointer);
	CLAMP(offset, RASTRO_PAYLOAD_BYTES);
	if (bpf_probe_read_user(&pointer, sizeof(pointer), (void *)address)) {
		note_lacking(s, address);
		return NOT_RESIDENT;
	}
	*(u64 *)(s->payload + offset) = pointer;
	return !!pointer;
}

/* The pointers of an argv, up to a NULL, as one segment. */
__noinline int put_pointers(u32 phase, u64 address)
{
	struct scratch *s = scratch_of(phase);
	u8 status = RASTRO_TRUNCATED;
	int more = 1;
	u32 i, room;
	u64 bytes;

	if (!s || !has_room(s))
		return 0;
	s->count = 0;
	room = room_at(s, s->used) / sizeof(u64);
	for (i = 0; i < RASTRO_STRINGS; i++) {
		if (i >= room)
			break;
		more = put_pointer(phase, i, address + i * sizeof(u64));
		if (more <= 0)
			break;
		s->count = i + 1;
	}
	if (more == 0)
		status = 0;
	if (more < 0) {
		if (postpone(s, phase))
			return NOT_RESIDENT;
		status = RASTRO_FAULT;
	}
	/* The count comes from the map, so that it is the same for each way out of the loop. */
	bytes = s->count * sizeof(u64);
	close_segment(s, s->used, address, 0, bytes, RASTRO_POINTERS, status);
	return 0;
}

/* The string that one of the pointers just captured leads to. */
__noinline int put_pointed_string(u32 phase, u32 index, u32 limit)
{
	struct scratch *s = scratch_of(phase);
	u64 at;

	if (!s)
		return 0;
	at = s->strings_at + (u64)index * sizeof(u64);
	CLAMP(at, RASTRO_PAYLOAD_BYTES);
	return put_string(phase, *(u64 *)(s->payload + at), limit);
}

/* A pointer array and its strings; with no limit the pointers alone. */
__noinline int put_strings(u32 phase, u64 address, u32 limit)
{
	struct scratch *s = scratch_of(phase);
	u32 i;

	if (!s || !has_room(s))
		return 0;
	s->strings_at = s->used + sizeof(struct rastro_segment);
	if (put_pointers(phase, address) < 0)
		return NOT_RESIDENT;
	if (!limit)
		return 0;
	for (i = 0; i < RASTRO_STRINGS; i++) {
		if (i >= s->count)
			break;
		if (put_pointed_string(phase, i, limit) < 0)
			return NOT_RESIDENT;
	}
	return 0;
}

/* A struct iovec array of so many bytes, and its buffers; these share "remaining" bytes. */
__noinline int put_iovecs(u32 phase, u64 address, u64 bytes, u64 remaining, u32 limit)
{
	struct scratch *s = scratch_of(phase);
	u32 i, got;
	u64 at, length;

	if (!s || !has_room(s))
		return 0;
	at = s->used;
	s->iovecs_at = at + sizeof(struct rastro_segment);
	if (put_bytes(phase, address, bytes, RASTRO_IOVECS * sizeof(struct user_iovec)) < 0)
		return NOT_RESIDENT;
	CLAMP(at, RASTRO_PAYLOAD_BYTES);
	got = ((struct rastro_segment *)(s->payload + at))->length / sizeof(struct user_iovec);
	for (i = 0; i < RASTRO_IOVECS; i++) {
		struct user_iovec *iovec;

		if (i >= got || !remaining)
			break;
		at = s->iovecs_at + i * sizeof(*iovec);
		CLAMP(at, RASTRO_PAYLOAD_BYTES);
		iovec = (void *)(s->payload + at);
		length = iovec->length;
		if (length > remaining)
			length = remaining;
		remaining -= length;
		if (iovec->address && put_bytes(phase, iovec->address, length, limit) < 0)
			return NOT_RESIDENT;
	}
	return 0;
}

/* What the struct msghdr at this offset of the payload points to. */
__noinline int put_message(u32 phase, u32 offset, u64 remaining, u32 limit)
{
	struct scratch *s = scratch_of(phase);
	struct user_msghdr *message;
	u64 at = offset;

	if (!s)
		return 0;
	CLAMP(at, RASTRO_PAYLOAD_BYTES);
	message = (void *)(s->payload + at);
	if (message->name && message->name_bytes &&
	    put_bytes(phase, message->name, message->name_bytes, RASTRO_NAME_BYTES) < 0)
		return NOT_RESIDENT;
	if (message->iovecs &&
	    put_iovecs(phase, message->iovecs, message->iovec_count * sizeof(struct user_iovec),
		       remaining, limit) < 0)
		return NOT_RESIDENT;
	if (!message->control || !message->control_bytes)
		return 0;
	s->control_at = s->used + sizeof(struct rastro_segment);
	return put_bytes(phase, message->control, message->control_bytes, RASTRO_CONTROL_BYTES);
}

#define MMSGHDR_BYTES 64		/* struct mmsghdr: a msghdr, then the bytes of the message */
#define MMSGHDR_LENGTH_AT sizeof(struct user_msghdr)

/* A struct mmsghdr array of so many bytes; with by_result no more of each message than its length. */
__noinline int put_messages(u32 phase, u64 address, u64 bytes, u32 limit, u32 by_result)
{
	struct scratch *s = scratch_of(phase);
	u32 i, got;
	u64 at, remaining;

	if (!s || !has_room(s))
		return 0;
	at = s->used;
	s->messages_at = at + sizeof(struct rastro_segment);
	if (put_bytes(phase, address, bytes, RASTRO_MESSAGES * MMSGHDR_BYTES) < 0)
		return NOT_RESIDENT;
	CLAMP(at, RASTRO_PAYLOAD_BYTES);
	got = ((struct rastro_segment *)(s->payload + at))->length / MMSGHDR_BYTES;
	for (i = 0; i < RASTRO_MESSAGES; i++) {
		if (i >= got)
			break;
		at = s->messages_at + i * MMSGHDR_BYTES;
		CLAMP(at, RASTRO_PAYLOAD_BYTES);
		remaining = ~0ULL;
		if (by_result)
			remaining = *(u32 *)(s->payload + at + MMSGHDR_LENGTH_AT);
		if (put_message(phase, at, remaining, limit) < 0)
			return NOT_RESIDENT;
	}
	return 0;
}

/* linux/aio_abi.h: kernel ABI */
#define IOCB_BYTES 64
#define IOCB_OPCODE_AT 16
#define IOCB_BUFFER_AT 24
#define IOCB_BUFFER_BYTES_AT 32
#define IOCB_CMD_PWRITE 1
#define IOCB_CMD_PREADV 7
#define IOCB_CMD_PWRITEV 8

/* One struct iocb, and what it has to be written. */
__noinline int put_control_block(u32 phase, u32 index, u32 limit)
{
	struct scratch *s = scratch_of(phase);
	u64 at, address, bytes;
	u16 opcode;

	if (!s || !has_room(s))
		return 0;
	at = s->messages_at + (u64)index * sizeof(address);
	CLAMP(at, RASTRO_PAYLOAD_BYTES);
	address = *(u64 *)(s->payload + at);
	at = s->used;
	if (put_bytes(phase, address, IOCB_BYTES, IOCB_BYTES) < 0)
		return NOT_RESIDENT;
	CLAMP(at, RASTRO_PAYLOAD_BYTES);
	if (((struct rastro_segment *)(s->payload + at))->length < IOCB_BYTES)
		return 0;
	at += sizeof(struct rastro_segment);
	CLAMP(at, RASTRO_PAYLOAD_BYTES);
	opcode = *(u16 *)(s->payload + at + IOCB_OPCODE_AT);
	address = *(u64 *)(s->payload + at + IOCB_BUFFER_AT);
	bytes = *(u64 *)(s->payload + at + IOCB_BUFFER_BYTES_AT);
	if (!address)
		return 0;
	if (opcode == IOCB_CMD_PWRITE)
		return put_bytes(phase, address, bytes, limit);
	if (opcode == IOCB_CMD_PREADV || opcode == IOCB_CMD_PWRITEV)
		return put_iovecs(phase, address, bytes * sizeof(struct user_iovec),
				  opcode == IOCB_CMD_PWRITEV ? ~0ULL : 0, limit);
	return 0;
}

/* An array of pointers to struct iocb, of so many bytes, and what they point to. */
__noinline int put_control_blocks(u32 phase, u64 address, u64 bytes, u32 limit)
{
	struct scratch *s = scratch_of(phase);
	u32 i, got;
	u64 at;

	if (!s || !has_room(s))
		return 0;
	at = s->used;
	s->messages_at = at + sizeof(struct rastro_segment);
	if (put_bytes(phase, address, bytes, RASTRO_MESSAGES * sizeof(u64)) < 0)
		return NOT_RESIDENT;
	CLAMP(at, RASTRO_PAYLOAD_BYTES);
	got = ((struct rastro_segment *)(s->payload + at))->length / sizeof(u64);
	for (i = 0; i < RASTRO_MESSAGES; i++) {
		if (i >= got)
			break;
		if (put_control_block(phase, i, limit) < 0)
			return NOT_RESIDENT;
	}
	return 0;
}

#endif /* RASTRO_SEGMENT_BPF_H */
