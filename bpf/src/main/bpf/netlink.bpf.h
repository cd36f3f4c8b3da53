/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * netlink.bpf.h - whether a call has moved netlink messages, which must be read in full.
 *
 * Only the socket says what a message means. To look at it with every call that sends or receives would
 * cost them all, so the data is asked first whether it can be a message: it begins with its length.
 */
#ifndef RASTRO_NETLINK_BPF_H
#define RASTRO_NETLINK_BPF_H

#include "descriptor.bpf.h"

#define NLMSG_HEAD_BYTES 16		/* linux/netlink.h */
#define NLMSG_BYTES_MOST (1 << 24)	/* text begins with a larger number */

/* The first four bytes of a captured segment. */
static __always_inline u32 first_word(struct scratch *s, u64 at)
{
	struct rastro_segment *segment;

	if (at + sizeof(*segment) + sizeof(u32) > s->used)
		return 0;
	CLAMP(at, RASTRO_PAYLOAD_BYTES);
	segment = (void *)(s->payload + at);
	return segment->kind == RASTRO_BYTES && segment->length >= sizeof(u32) ? *(u32 *)(segment + 1) : 0;
}

/* Where the segment of the first buffer of the last iovec array that was read must be. */
static __always_inline u64 first_buffer(struct scratch *s)
{
	struct rastro_segment *array;
	u64 at = s->iovecs_at - sizeof(*array);

	CLAMP(at, RASTRO_PAYLOAD_BYTES);
	array = (void *)(s->payload + at);
	return s->iovecs_at + EIGHTS(array->length + 7);
}

/* Whether the data of this call, which has just been captured, can be a netlink message. */
static __always_inline bool may_be_netlink(struct scratch *s, u32 slot)
{
	struct rastro_plan *plan = bpf_map_lookup_elem(&plans, &slot);
	u32 i, word;
	u64 at = 0;

	if (!plan)
		return false;
	if (s->iovecs_at) {
		at = first_buffer(s);
	} else {
		for (i = 0; i < RASTRO_OPS; i++) {
			if (i >= plan->ops)
				break;
			if (plan->op[i].base == MESSAGE_ARGUMENT && s->segment_at[i])
				at = s->segment_at[i] - 1;
		}
	}
	word = first_word(s, at);
	return word >= NLMSG_HEAD_BYTES && word < NLMSG_BYTES_MOST;
}

static __always_inline bool is_netlink(u32 descriptor)
{
	struct file *file = file_of(bpf_get_current_task_btf(), descriptor);
	struct super_block *super;
	struct socket *socket;
	struct inode *inode;

	if (!file)
		return false;
	file = FOLLOWED(struct file, file);
	inode = FIELD(file, f_inode);
	super = FIELD(inode, i_sb);
	if ((u32)FIELD(super, s_magic) != SOCKFS_MAGIC)
		return false;
	socket = FIELD(file, private_data);
	return BPF_CORE_READ(socket, sk, __sk_common.skc_family) == AF_NETLINK;
}

#endif /* RASTRO_NETLINK_BPF_H */
