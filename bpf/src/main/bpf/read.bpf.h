/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * read.bpf.h - the interpreter of capture plans: one op after the other, each to its segments.
 */
#ifndef RASTRO_READ_BPF_H
#define RASTRO_READ_BPF_H

#include "segment.bpf.h"
#include "count.bpf.h"

#define MSGHDR_BYTES sizeof(struct user_msghdr)
#define IOCTL_SIZE_SHIFT 16		/* of the command, asm-generic/ioctl.h */
#define IOCTL_SIZE_MASK 0x3fff
#define BITS_MAX (RASTRO_SEGMENT_BYTES * 8)

static __always_inline u64 argument(struct scratch *s, u32 index)
{
	return s->call.args[index < RASTRO_ARGS ? index : RASTRO_ARGS - 1];
}

/* A number inside the segment of an earlier op; 0 when that part was not captured. */
static __always_inline u64 captured_word(struct scratch *s, u32 op, u64 offset, const u32 bytes)
{
	u64 at = s->segment_at[op & (RASTRO_OPS - 1)];
	struct rastro_segment *segment;
	u8 *data;

	if (!at)
		return 0;
	at--;
	CLAMP(at, RASTRO_PAYLOAD_BYTES);
	CLAMP(offset, RASTRO_SEGMENT_BYTES);
	segment = (void *)(s->payload + at);
	if (offset + bytes > segment->length)
		return 0;
	data = (u8 *)(segment + 1) + offset;
	return bytes == sizeof(u32) ? *(u32 *)data : *(u64 *)data;
}

static __always_inline u64 base_address(struct scratch *s, struct rastro_op *op)
{
	u8 base = op->base;

	if (base < RASTRO_ARGS)
		return argument(s, base);
	if (base == RASTRO_BASE_STACK)
		return s->stack + op->pointer_at;
	return captured_word(s, base - RASTRO_BASE_SEGMENT, op->pointer_at, sizeof(u64));
}

/* The length that stood at entry where an op's length_arg points, or ~0 when no earlier op read it. */
__noinline int length_at_entry(u32 phase, u32 slot, u32 index)
{
	u32 key = slot, i, length = ~0;
	struct rastro_plan *plan = bpf_map_lookup_elem(&plans, &key);
	struct scratch *s = scratch_of(phase);
	struct rastro_op *op, *earlier;

	if (!plan || !s)
		return length;
	op = &plan->op[index & (RASTRO_OPS - 1)];
	for (i = 0; i < RASTRO_OPS; i++) {
		if (i >= index)
			break;
		earlier = &plan->op[i];
		if (earlier->when != RASTRO_WHEN_ENTRY || earlier->base != op->length_arg)
			continue;
		if (!s->segment_at[i])
			continue;
		length = captured_word(s, i, 0, sizeof(length));
		break;
	}
	return length;
}

/*
 * The length that a pointer argument points to, such as accept's addrlen, as a segment of its own.
 * The kernel may have written a larger one there than the buffer was (it says what it would have
 * needed), so what it was at entry, if an op of the plan captured that, is the other bound.
 */
static __always_inline s64 pointed_length(struct scratch *s, struct rastro_op *op, u32 slot,
					  u32 index, u32 phase)
{
	u64 address = argument(s, op->length_arg), at = s->used;
	u32 length, before = length_at_entry(phase, slot, index);
	struct rastro_segment *segment;
	u8 arg = s->arg;

	if (!address || !has_room(s))
		return 0;
	s->arg = op->length_arg;
	if (put_bytes(phase, address, sizeof(length), sizeof(length)) < 0)
		return NOT_RESIDENT;
	s->arg = arg;
	CLAMP(at, RASTRO_PAYLOAD_BYTES);
	segment = (void *)(s->payload + at);
	if (segment->length < sizeof(length))
		return 0;
	length = *(u32 *)(segment + 1);
	return length < before ? length : before;
}

/* Bytes, or NOT_RESIDENT. */
static __always_inline s64 op_length(struct scratch *s, struct rastro_op *op, u32 slot, u32 index,
				     u32 phase)
{
	u64 value = argument(s, op->length_arg), element = op->element;
	s64 result = s->call.result;

	switch (op->length_from) {
	case RASTRO_LENGTH_CONSTANT:
		return element;
	case RASTRO_LENGTH_ARG:
		if (value < op->length_at && value * element < op->length_at)
			return op->length_at;
		break;
	case RASTRO_LENGTH_RESULT:
		value = result > 0 ? result : 0;
		break;
	case RASTRO_LENGTH_POINTED:
		result = pointed_length(s, op, slot, index, phase);
		if (result < 0)
			return result;
		value = result;
		break;
	case RASTRO_LENGTH_IOCTL:
		value = (value >> IOCTL_SIZE_SHIFT) & IOCTL_SIZE_MASK;
		return value ? value : element;
	case RASTRO_LENGTH_FIELD32:
		value = captured_word(s, op->length_arg, op->length_at, sizeof(u32));
		break;
	case RASTRO_LENGTH_FIELD64:
		value = captured_word(s, op->length_arg, op->length_at, sizeof(u64));
		break;
	case RASTRO_LENGTH_BITS:
		if ((s32)value < 0)
			return 0;
		value = (u32)value;
		if (value > BITS_MAX)
			value = BITS_MAX;
		return (value + 63) / 64 * 8;
	case RASTRO_LENGTH_PAGES:
		return (value + (1ULL << (op->element & 63)) - 1) >> (op->element & 63);
	default:
		return 0;
	}
	/* A length that no memory has is as good as the largest, and must not look like an error. */
	if (value >> 32)
		value = 1ULL << 32;
	return value * element;
}

/* Runs one op of a plan. */
__noinline int run_op(u32 phase, u32 slot, u32 index)
{
	u32 key = slot, limit, flags, at;
	struct rastro_plan *plan = bpf_map_lookup_elem(&plans, &key);
	struct scratch *s = scratch_of(phase);
	struct rastro_op *op;
	u64 address, remaining = ~0ULL;
	s64 length;

	if (!plan || !s || !has_room(s))
		return 0;
	index &= RASTRO_OPS - 1;
	op = &plan->op[index];
	if (op->command && op->command != (u16)argument(s, RASTRO_COMMAND_ARG))
		return 0;
	address = base_address(s, op);
	if (!address)
		return 0;
	s->op = index;
	s->arg = op->base < RASTRO_BASE_SEGMENT ? op->base : 0;
	if (op->base >= RASTRO_BASE_SEGMENT) {
		u64 parent = s->segment_at[(op->base - RASTRO_BASE_SEGMENT) & (RASTRO_OPS - 1)];

		parent = parent ? parent - 1 : 0;
		CLAMP(parent, RASTRO_PAYLOAD_BYTES);
		s->arg = ((struct rastro_segment *)(s->payload + parent))->arg;
	}
	limit = op->limit;
	if (limit < s->least)
		limit = s->least;
	if (limit > RASTRO_SEGMENT_BYTES)
		limit = RASTRO_SEGMENT_BYTES;
	flags = op->flags;
	if (flags & RASTRO_LIMIT_BY_RESULT)
		remaining = s->call.result > 0 ? s->call.result : 0;
	length = op_length(s, op, slot, index, phase);
	if (length < 0)
		return NOT_RESIDENT;
	at = s->used;
	s->segment_at[index] = at + 1;

	switch (op->what) {
	case RASTRO_READ_BYTES:
		return put_bytes(phase, address, length, limit);
	case RASTRO_READ_STRING:
		return put_string(phase, address, limit);
	case RASTRO_READ_STRINGS:
		return put_strings(phase, address, limit);
	case RASTRO_READ_IOVEC:
		return put_iovecs(phase, address, length, remaining, limit);
	case RASTRO_READ_MSGHDR:
		if (put_bytes(phase, address, MSGHDR_BYTES, MSGHDR_BYTES) < 0)
			return NOT_RESIDENT;
		if ((flags & RASTRO_HEAD_ONLY) || s->used != at + sizeof(struct rastro_segment) +
							       MSGHDR_BYTES)
			return 0;
		return put_message(phase, at + sizeof(struct rastro_segment), remaining, limit);
	case RASTRO_READ_MMSGHDR:
		return put_messages(phase, address, length, limit, flags & RASTRO_LIMIT_BY_RESULT);
	case RASTRO_READ_IOCBS:
		return put_control_blocks(phase, address, length, limit);
	}
	s->segment_at[index] = 0;
	return 0;
}

/* The length of an op that depends on nothing that was captured; false for the others. */
static __always_inline bool plain_length(struct scratch *s, struct rastro_op *op, u64 *length)
{
	s64 result = s->call.result;
	u64 value;

	if (op->length_from == RASTRO_LENGTH_CONSTANT) {
		*length = op->element;
		return true;
	}
	if (op->length_from == RASTRO_LENGTH_ARG)
		value = argument(s, op->length_arg);
	else if (op->length_from == RASTRO_LENGTH_RESULT)
		value = result > 0 ? result : 0;
	else
		return false;
	if (value >> 32)
		value = 1ULL << 32;
	*length = value * op->element;
	return true;
}

/*
 * The commonest plan has one op at exit, for the buffer or string that an argument points to. Does what
 * run_ops() would, without its calls, as the only segment of an empty payload; false where the general
 * way must be gone: other plans, and memory that cannot be read.
 */
static __always_inline bool put_only_segment(struct scratch *s, u32 slot)
{
	struct rastro_plan *plan = bpf_map_lookup_elem(&plans, &slot);
	u8 *data = s->payload + sizeof(struct rastro_segment), status = 0;
	u64 address, wanted, take, limit;
	struct rastro_op *op;
	long read;

	if (!plan || plan->ops != 1)
		return false;
	op = &plan->op[0];
	if (op->when == RASTRO_WHEN_ENTRY || op->base >= RASTRO_ARGS)
		return false;
	s->used = 0;
	if (op->when == RASTRO_WHEN_SUCCESS && is_error(s->call.result))
		return true;
	address = argument(s, op->base);
	if (!address)
		return true;
	s->op = 0;
	s->arg = op->base;
	s->status = 0;
	limit = op->limit;
	if (op->what == RASTRO_READ_BYTES) {
		if (!plain_length(s, op, &wanted))
			return false;
		take = wanted < limit ? wanted : limit;
		CLAMP(take, RASTRO_SEGMENT_BYTES);
		if (take && bpf_probe_read_user(data, take, (void *)address))
			return false;
		if (take < wanted)
			status = RASTRO_TRUNCATED;
		close_segment(s, 0, address, wanted, take, RASTRO_BYTES, status);
		return true;
	}
	if (op->what == RASTRO_READ_STRING) {
		take = limit + 2;
		CLAMP(take, RASTRO_PATH_BYTES + 2);
		read = bpf_probe_read_user_str(data, take, (void *)address);
		if (read <= 0 || read == take)
			return false;
		close_segment(s, 0, address, read - 1, read - 1, RASTRO_STRING, 0);
		return true;
	}
	return false;
}

/*
 * The ops of a plan that are due in this phase. What is not resident at entry is rolled back, and its
 * bit stands in s->late; at exit the ops in s->late are read too.
 */
static __always_inline void run_ops(struct scratch *s, u32 phase, u32 slot)
{
	struct rastro_plan *plan = bpf_map_lookup_elem(&plans, &slot);
	bool failed = is_error(s->call.result);
	u32 i, late, used;
	u8 when;

	if (!plan)
		return;
	late = s->late;
	for (i = 0; i < RASTRO_OPS; i++) {
		if (i >= plan->ops)
			break;
		when = plan->op[i].when;
		if (phase == PHASE_ENTRY) {
			if (when != RASTRO_WHEN_ENTRY)
				continue;
			s->status = RASTRO_AT_ENTRY;
			used = s->used;
			if (run_op(phase, slot, i) < 0) {
				s->used = used;
				s->segment_at[i] = 0;
			}
			continue;
		}
		s->status = 0;
		if (when == RASTRO_WHEN_ENTRY) {
			if (!((late >> i) & 1))
				continue;
			s->status = RASTRO_LATE;
		} else if (when == RASTRO_WHEN_SUCCESS && failed) {
			continue;
		}
		run_op(phase, slot, i);
	}
}

#endif /* RASTRO_READ_BPF_H */
