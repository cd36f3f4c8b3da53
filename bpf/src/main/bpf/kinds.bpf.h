/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * kinds.bpf.h - what a call came to that its result alone does not tell.
 *
 * How a server's worker fares is told by two things that have no errno of their own: a read of nothing
 * from a connection that the peer has closed, and a wake-up for a connection that another worker took.
 * Which calls these can be is the table's business, not ours.
 */
#ifndef RASTRO_KINDS_BPF_H
#define RASTRO_KINDS_BPF_H

#include "count.bpf.h"
#include "descriptor.bpf.h"

#define EAGAIN 11

/* include/linux/net.h, uapi stat.h: kernel ABI */
#define SOCK_STREAM 1
#define SOCK_SEQPACKET 5
#define S_IFMT 0170000
#define S_IFSOCK 0140000

/* Not static: seldom called, and its reads are nobody else's business. */
__noinline int is_stream_socket(u32 descriptor)
{
	struct file *file = file_of(bpf_get_current_task_btf(), descriptor);
	struct socket *socket;
	struct inode *inode;
	short type;

	if (!file)
		return 0;
	file = FOLLOWED(struct file, file);
	inode = FIELD(file, f_inode);
	if ((FIELD(inode, i_mode) & S_IFMT) != S_IFSOCK)
		return 0;
	socket = FIELD(file, private_data);
	type = BPF_CORE_READ(socket, type);
	return type == SOCK_STREAM || type == SOCK_SEQPACKET;
}

/*
 * A worker that accepts until there are no more connections ends with an EAGAIN that means nothing; one
 * that finds none at all was woken for nothing.
 */
static __always_inline bool accepted_nothing(struct stash *stash, s64 result)
{
	bool before = stash->accepted;

	stash->accepted = result >= 0;
	return result == -EAGAIN && !before;
}

/* A counted call of one of enum rastro_capture_flag's kinds. */
static __always_inline void count_kind(struct stash *stash, u32 tgid, u32 kind, s64 result, u32 descriptor)
{
	if (kind == RASTRO_CAPTURE_POLLS)
		stash->accepted = 0;
	else if (kind == RASTRO_CAPTURE_ACCEPTS && accepted_nothing(stash, result))
		count_error(stash, tgid, RASTRO_IDLE_WAKEUP);
	else if (kind == RASTRO_CAPTURE_TAKES && !result && is_stream_socket(descriptor))
		count_error(stash, tgid, RASTRO_END_OF_STREAM);
}

#endif /* RASTRO_KINDS_BPF_H */
