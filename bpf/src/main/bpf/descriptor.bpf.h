/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * descriptor.bpf.h - what a call's descriptors stand for, told while the call holds them.
 *
 * Only here and now can it be known: a moment later the descriptor may be another file's. What is read
 * are facts; user space puts them into words. Nothing is locked: a file that another thread closes in
 * between yields garbage that is safe to read, or nothing.
 */
#ifndef RASTRO_DESCRIPTOR_BPF_H
#define RASTRO_DESCRIPTOR_BPF_H

#include "vmlinux_files.h"
#include <linux/magic.h>
#include "read.bpf.h"

#ifndef PID_FS_MAGIC
#define PID_FS_MAGIC 0x50494446		/* newer than some headers */
#endif

/* include/linux/socket.h, fs.h: kernel ABI */
#define AF_UNIX 1
#define AF_INET 2
#define AF_INET6 10
#define AF_NETLINK 16
#define AT_FDCWD (-100)
#define SOL_SOCKET 1
#define SCM_RIGHTS 1
#define MESSAGE_ARGUMENT 1		/* of sendmsg, recvmsg and their like */

#define SET_WORDS 16			/* descriptors below 1024, as in a C library's fd_set */

#define FILE_NAME_BYTES 256		/* NAME_MAX and a NUL */
#define TAIL_BYTES (64 + RASTRO_TAIL_NAMES * FILE_NAME_BYTES)
#define SUN_PATH_BYTES 108
#define SUN_FAMILY_BYTES 2
#define HINT_PIDFD 0x6469705b		/* "[pid", of [pidfd]: before 6.9 pidfds were anonymous inodes */

/* The mount that a vfsmount is a member of. */
static __always_inline struct mount *mount_of(struct vfsmount *mnt)
{
	return FOLLOWED(struct mount, (char *)mnt - bpf_core_field_offset(struct mount, mnt));
}

static __always_inline struct rastro_descriptor *descriptor_at(struct scratch *s, u64 at)
{
	CLAMP(at, RASTRO_PAYLOAD_BYTES);
	return (void *)(s->payload + at + sizeof(struct rastro_segment));
}

/* Appends a kernel string behind the names before it, with its NUL. */
static __always_inline void put_name(struct scratch *s, const void *name)
{
	u64 at = s->names_at;
	long got;

	if (at > RASTRO_PAYLOAD_BYTES - FILE_NAME_BYTES)
		return;
	CLAMP(at, RASTRO_PAYLOAD_BYTES);
	got = bpf_probe_read_kernel_str(s->payload + at, FILE_NAME_BYTES, name);
	if (got > 0)
		s->names_at = at + got;
}

/* One step from a name towards the root; returns whether there are more. */
__noinline int put_path_name(u32 phase)
{
	struct scratch *s = scratch_of(phase);
	struct dentry *dentry, *parent, *root;
	struct mount *mount, *above;

	if (!s)
		return 0;
	dentry = FOLLOWED(struct dentry, (void *)s->dentry);
	mount = FOLLOWED(struct mount, (void *)s->mount);
	root = FIELD(mount, mnt.mnt_root);
	if (dentry == root) {
		above = FIELD(mount, mnt_parent);
		if (above == mount)
			return 0;
		s->dentry = (u64)FIELD(mount, mnt_mountpoint);
		s->mount = (u64)above;
		return 1;
	}
	parent = FIELD(dentry, d_parent);
	if (parent == dentry || !parent)
		return 0;
	put_name(s, FIELD(dentry, d_name.name));
	s->dentry = (u64)parent;
	return 1;
}

/* The names of the dentry and mount that the scratch holds; returns whether all of them. */
__noinline int put_path(u32 phase)
{
	u32 i;

	for (i = 0; i < RASTRO_NAMES; i++) {
		if (!put_path_name(phase))
			return 1;
	}
	return 0;
}

static __always_inline u64 inode_of(struct sock *sk)
{
	return sk ? BPF_CORE_READ(sk, sk_socket, file, f_inode, i_ino) : 0;
}

static __always_inline void describe_unix(struct scratch *s, struct rastro_descriptor *d, struct sock *sk)
{
	struct unix_sock *unix = (void *)sk;
	struct unix_address *address;
	u64 bytes, at = s->names_at;

	if (!bpf_core_type_exists(struct unix_sock))
		return;
	d->peer = inode_of(BPF_CORE_READ(unix, peer));
	address = BPF_CORE_READ(unix, addr);
	if (!address)
		return;
	bytes = (u32)BPF_CORE_READ(address, len) - SUN_FAMILY_BYTES;
	if (bytes > SUN_PATH_BYTES)
		return;
	CLAMP(bytes, SUN_PATH_BYTES);
	CLAMP(at, RASTRO_PAYLOAD_BYTES);
	if (bytes && !bpf_probe_read_kernel(s->payload + at, bytes,
					    (char *)address + bpf_core_field_offset(address->name) +
						    SUN_FAMILY_BYTES))
		s->names_at = at + bytes;
}

static __always_inline void describe_netlink(struct rastro_descriptor *d, struct netlink_sock *netlink)
{
	if (!bpf_core_type_exists(struct netlink_sock))
		return;
	d->id = BPF_CORE_READ(netlink, portid);
	if (d->id || BPF_CORE_READ(netlink, subscriptions))
		d->flags |= RASTRO_FILE_BOUND;
}

/* A socket's ends. The name of its protocol stands there; a unix socket's address follows. */
__noinline int describe_socket(u32 phase, u32 at, u64 address)
{
	struct scratch *s = scratch_of(phase);
	struct socket *socket = (void *)address;
	struct rastro_descriptor *d;
	struct sock *sk;

	if (!s)
		return 0;
	d = descriptor_at(s, at);
	sk = BPF_CORE_READ(socket, sk);
	if (!sk)
		return 0;
	d->type = BPF_CORE_READ(socket, type);
	d->family = BPF_CORE_READ(sk, __sk_common.skc_family);
	d->state = BPF_CORE_READ(sk, __sk_common.skc_state);
	d->protocol = BPF_CORE_READ(sk, sk_protocol);
	switch (d->family) {
	case AF_UNIX:
		describe_unix(s, d, sk);
		break;
	case AF_NETLINK:
		describe_netlink(d, (void *)sk);
		break;
	case AF_INET:
		bpf_core_read(d->local, 4, &sk->__sk_common.skc_rcv_saddr);
		bpf_core_read(d->remote, 4, &sk->__sk_common.skc_daddr);
		break;
	case AF_INET6:
		if (!bpf_core_field_exists(sk->__sk_common.skc_v6_daddr))
			break;
		bpf_core_read(d->local, 16, &sk->__sk_common.skc_v6_rcv_saddr);
		bpf_core_read(d->remote, 16, &sk->__sk_common.skc_v6_daddr);
		break;
	}
	if (d->family == AF_INET || d->family == AF_INET6) {
		d->local_port = BPF_CORE_READ(sk, __sk_common.skc_num);
		d->remote_port = __builtin_bswap16(BPF_CORE_READ(sk, __sk_common.skc_dport));
	}
	return 0;
}

/* The process's number as the first namespace sees it. */
static __always_inline u32 number_of(struct pid *pid)
{
	return BPF_CORE_READ(pid, numbers[0].nr);
}

/* A file that has no path. */
__noinline int describe_pseudo(u32 phase, u32 at, u64 address)
{
	struct scratch *s = scratch_of(phase);
	struct file *file = (void *)address;
	struct rastro_descriptor *d;
	struct ns_common *ns;
	struct inode *inode;
	u64 names_at;

	if (!s)
		return 0;
	d = descriptor_at(s, at);
	inode = BPF_CORE_READ(file, f_inode);
	switch ((u32)BPF_CORE_READ(inode, i_sb, s_magic)) {
	case PIPEFS_MAGIC:
		d->form = RASTRO_FORM_PIPE;
		break;
	case SOCKFS_MAGIC:
		d->form = RASTRO_FORM_SOCKET;
		put_name(s, BPF_CORE_READ(file, f_path.dentry, d_name.name));
		describe_socket(phase, at, (u64)BPF_CORE_READ(file, private_data));
		break;
	case NSFS_MAGIC:
		d->form = RASTRO_FORM_NAMESPACE;
		ns = BPF_CORE_READ(inode, i_private);
		put_name(s, BPF_CORE_READ(ns, ops, name));
		break;
	case PID_FS_MAGIC:
		d->form = RASTRO_FORM_PIDFD;
		d->id = number_of(BPF_CORE_READ(inode, i_private));
		break;
	case ANON_INODE_FS_MAGIC:
		d->form = RASTRO_FORM_ANONYMOUS;
		names_at = s->names_at;
		put_name(s, BPF_CORE_READ(file, f_path.dentry, d_name.name));
		CLAMP(names_at, RASTRO_PAYLOAD_BYTES);
		if (*(u32 *)(s->payload + (names_at & ~3ULL)) == HINT_PIDFD) {
			d->form = RASTRO_FORM_PIDFD;
			d->id = number_of(BPF_CORE_READ(file, private_data));
		}
		break;
	default:
		d->form = RASTRO_FORM_NAMELESS;
		d->flags |= RASTRO_FILE_DELETED;
		put_name(s, BPF_CORE_READ(file, f_path.dentry, d_name.name));
	}
	return 0;
}

/* Begins the walk at a path; returns whether it has one: it is in a folder, or a mount's root. */
static __always_inline bool begin_path(struct scratch *s, struct rastro_descriptor *d,
				       struct vfsmount *mnt, struct dentry *dentry)
{
	s->dentry = (u64)dentry;
	s->mount = (u64)mount_of(mnt);
	if (FIELD(mnt, mnt_root) == dentry)
		return true;
	if (FIELD(dentry, d_parent) == dentry)
		return false;
	if (!FIELD(dentry, d_hash.pprev))
		d->flags |= RASTRO_FILE_DELETED;
	return true;
}

static __always_inline struct file *file_of(struct task_struct *task, u32 descriptor)
{
	struct fdtable *table = task->files->fdt;
	struct file *file = NULL;

	/* Loads that fault, as those through a NULL, read 0. */
	if (descriptor >= table->max_fds)
		return NULL;
	bpf_probe_read_kernel(&file, sizeof(file), table->fd + descriptor);
	return file;
}

/* What one descriptor of the running task stands for, as a segment; nothing if it is not open. */
__noinline int describe(u32 phase, u32 argument, s32 descriptor)
{
	struct task_struct *task = bpf_get_current_task_btf();
	struct scratch *s = scratch_of(phase);
	struct rastro_descriptor *d;
	struct inode *inode;
	struct file *file = NULL;
	struct vfsmount *mnt;
	struct dentry *dentry;
	u64 at, length, address = 0;

	if (!s || !has_room(s) || s->used > RASTRO_PAYLOAD_BYTES - 2 * FILE_NAME_BYTES)
		return 0;
	if (descriptor == AT_FDCWD) {
		mnt = task->fs->pwd.mnt;
		dentry = task->fs->pwd.dentry;
	} else {
		address = (u64)file_of(task, descriptor);
		if (!address)
			return 0;
		file = FOLLOWED(struct file, (void *)address);
		mnt = FIELD(file, f_path.mnt);
		dentry = FIELD(file, f_path.dentry);
	}
	at = s->used;
	d = descriptor_at(s, at);
	__builtin_memset(d, 0, sizeof(*d));
	s->names_at = at + sizeof(struct rastro_segment) + sizeof(*d);
	if (file) {
		inode = FIELD(file, f_inode);
		d->inode = FIELD(inode, i_ino);
		d->mode = FIELD(inode, i_mode);
		d->device = FIELD(inode, i_rdev);
	}
	if (begin_path(s, d, mnt, dentry)) {
		if (!put_path(phase))
			d->flags |= RASTRO_FILE_CUT;
	} else if (file) {
		describe_pseudo(phase, at, address);
	}
	length = s->names_at - at - sizeof(struct rastro_segment);
	d->name_bytes = length - sizeof(*d);
	s->op = 0;
	s->arg = argument;
	s->status = phase == PHASE_ENTRY ? RASTRO_AT_ENTRY : 0;
	close_segment(s, at, (s64)descriptor, length, length, RASTRO_DESCRIPTOR, 0);
	return 0;
}

/*
 * The tail of the path of the file whose data a call moves: rules tell by it which data are secret, so it is
 * wanted at every such call that brings data, whoever watches. Hence no more of the file than that, and
 * a loop of its own.
 */
__noinline int put_tail(u32 phase)
{
	struct task_struct *task = bpf_get_current_task_btf();
	struct dentry *dentry, *parent, *root;
	struct scratch *s = scratch_of(phase);
	struct mount *mount, *above;
	u32 i, before, names = 0;
	struct file *file;
	u64 at, length;

	if (!s || s->used > RASTRO_PAYLOAD_BYTES - TAIL_BYTES)
		return 0;
	file = file_of(task, argument(s, 0));
	if (!file) {
		s->call.head.flags |= RASTRO_TAIL_TOLD;
		return 0;
	}
	file = FOLLOWED(struct file, file);
	dentry = FIELD(file, f_path.dentry);
	mount = mount_of(FIELD(file, f_path.mnt));
	root = FIELD(mount, mnt.mnt_root);
	at = s->used;
	s->names_at = at + sizeof(struct rastro_segment);
	for (i = 0; i < 2 * RASTRO_TAIL_NAMES; i++) {
		if (names >= control.tail_names)
			break;
		if (dentry == root) {
			above = FIELD(mount, mnt_parent);
			if (above == mount)
				break;
			dentry = FIELD(mount, mnt_mountpoint);
			mount = above;
			root = FIELD(mount, mnt.mnt_root);
			continue;
		}
		parent = FIELD(dentry, d_parent);
		if (parent == dentry || !parent)
			break;
		before = s->names_at;
		put_name(s, FIELD(dentry, d_name.name));
		if (s->names_at == before)
			return 0;
		dentry = parent;
		names++;
	}
	s->call.head.flags |= RASTRO_TAIL_TOLD;
	length = s->names_at - at - sizeof(struct rastro_segment);
	if (!length)
		return 0;
	s->op = 0;
	s->arg = 0;
	s->status = 0;
	close_segment(s, at, argument(s, 0), length, length, RASTRO_TAIL, 0);
	return 0;
}

/* Descriptors that stand in memory which has been captured, "stride" bytes from each other. */
__noinline int describe_words(u32 phase, u32 from, u32 bytes, u32 stride, u32 argument)
{
	struct scratch *s = scratch_of(phase);
	u32 i, done = 0;
	u64 at;

	if (!s)
		return 0;
	for (i = 0; i < RASTRO_DESCRIPTORS; i++) {
		if (done + sizeof(u32) > bytes)
			break;
		at = from + done;
		CLAMP(at, RASTRO_PAYLOAD_BYTES);
		describe(phase, argument, *(s32 *)(s->payload + (at & ~3ULL)));
		if (!stride)
			break;
		done += stride;
	}
	return 0;
}

/* Members of a set, 64 from "base" on, whose bits stand at this offset of the payload. */
__noinline int describe_members(u32 phase, u32 at, u32 base, u32 argument)
{
	struct scratch *s = scratch_of(phase);
	u64 offset = at, bits;
	u32 i;

	if (!s)
		return 0;
	CLAMP(offset, RASTRO_PAYLOAD_BYTES);
	bits = *(u64 *)(s->payload + (offset & ~7ULL));
	for (i = 0; i < 64; i++) {
		if (!(bits >> i))
			break;
		if ((bits >> i) & 1)
			describe(phase, argument, base + i);
	}
	return 0;
}

/* A set of descriptors that has been captured. */
__noinline int describe_set(u32 phase, u32 from, u32 bytes, u32 argument)
{
	u32 i, words = bytes / sizeof(u64);

	for (i = 0; i < SET_WORDS; i++) {
		if (i >= words)
			break;
		describe_members(phase, from + i * sizeof(u64), i * 64, argument);
	}
	return 0;
}

/* One place of a plan, if its op has read something in this phase. */
__noinline int describe_place(u32 phase, u32 slot, u32 index)
{
	u32 key = slot, from, bytes, stride, argument;
	struct rastro_plan *plan = bpf_map_lookup_elem(&plans, &key);
	struct scratch *s = scratch_of(phase);
	struct rastro_segment *segment;
	struct rastro_place *place;
	u64 at;

	if (!plan || !s || index >= RASTRO_PLACES)
		return 0;
	place = &plan->place[index];
	at = s->segment_at[place->op & (RASTRO_OPS - 1)];
	if (!at)
		return 0;
	at--;
	CLAMP(at, RASTRO_PAYLOAD_BYTES);
	segment = (void *)(s->payload + at);
	/* What was read at entry was told there. */
	if (phase != PHASE_ENTRY && (segment->status & RASTRO_AT_ENTRY))
		return 0;
	if (segment->length <= place->at)
		return 0;
	from = at + sizeof(*segment) + place->at;
	bytes = segment->length - place->at;
	stride = place->stride;
	argument = segment->arg;
	if (stride == RASTRO_STRIDE_BITS)
		return describe_set(phase, from, bytes, argument);
	return describe_words(phase, from, bytes, stride, argument);
}

/* What the control message at this offset of the payload carries; returns where the next one is. */
__noinline int describe_control(u32 phase, u32 offset)
{
	struct scratch *s = scratch_of(phase);
	struct user_cmsghdr *message;
	u64 at = offset, bytes;

	/* Nothing was captured if there was nothing, or no room for it. */
	if (!s || at + sizeof(*message) > s->used)
		return 0;
	CLAMP(at, RASTRO_PAYLOAD_BYTES);
	message = (void *)(s->payload + at);
	bytes = message->bytes - sizeof(*message);
	if (bytes > RASTRO_CONTROL_BYTES)
		return 0;
	if (message->level == SOL_SOCKET && message->type == SCM_RIGHTS)
		describe_words(phase, at + sizeof(*message), bytes, sizeof(u32), MESSAGE_ARGUMENT);
	return at + sizeof(*message) + EIGHTS(bytes + 7);
}

/* The arguments of a call that are descriptors. */
static __always_inline void describe_arguments(struct scratch *s, u32 phase, u32 where)
{
	u32 i;

	for (i = 0; i < RASTRO_ARGS; i++) {
		if ((where >> i) & 1)
			describe(phase, i, argument(s, i));
	}
}

/*
 * All that a call has of descriptors, once its ops are done. One call after the other from here and
 * not each from the next: at most eight frames may be active, and put_path_name can be the eighth.
 */
static __always_inline void describe_call(struct scratch *s, u32 phase, u32 slot)
{
	struct rastro_plan *plan = bpf_map_lookup_elem(&plans, &slot);
	u32 i, places, where, control_at;

	if (!plan)
		return;
	where = plan->describe;
	places = plan->places;
	if (phase == PHASE_ENTRY || (s->call.head.flags & RASTRO_NO_DURATION))
		describe_arguments(s, phase, where);
	for (i = 0; i < RASTRO_PLACES; i++) {
		if (i >= places)
			break;
		describe_place(phase, slot, i);
	}
	control_at = s->control_at;
	for (i = 0; i < RASTRO_CONTROLS; i++) {
		if (!control_at)
			break;
		control_at = describe_control(phase, control_at);
	}
	if (phase != PHASE_ENTRY && (where & RASTRO_DESCRIBE_RESULT) && s->call.result >= 0)
		describe(phase, RASTRO_ARGS, s->call.result);
}

#endif /* RASTRO_DESCRIPTOR_BPF_H */
