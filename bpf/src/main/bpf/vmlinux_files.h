/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * vmlinux_files.h - kernel types on the way from a task to its files and what they are; see vmlinux.h.
 */
#ifndef RASTRO_VMLINUX_FILES_H
#define RASTRO_VMLINUX_FILES_H

#include "vmlinux.h"

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)

struct super_block {
	u32 s_dev;
	unsigned long s_magic;
};

struct inode {
	u16 i_mode;
	u32 i_rdev;
	unsigned long i_ino;
	struct super_block *i_sb;
	void *i_private;
};

struct qstr {
	const unsigned char *name;
};

struct hlist_bl_node {
	struct hlist_bl_node **pprev;
};

struct dentry {
	struct hlist_bl_node d_hash;
	struct dentry *d_parent;
	struct qstr d_name;
};

struct vfsmount {
	struct dentry *mnt_root;
};

struct mount {
	struct mount *mnt_parent;
	struct dentry *mnt_mountpoint;
	struct vfsmount mnt;
};

struct path {
	struct vfsmount *mnt;
	struct dentry *dentry;
};

struct file {
	struct path f_path;
	struct inode *f_inode;
	struct address_space *f_mapping;
	void *private_data;
};

struct fdtable {
	unsigned int max_fds;
	struct file **fd;
};

struct files_struct {
	struct fdtable *fdt;
};

struct fs_struct {
	struct path pwd;
};

struct proc_ns_operations {
	const char *name;
};

struct ns_common {
	const struct proc_ns_operations *ops;
};

struct sock;

struct socket {
	short type;
	struct file *file;
	struct sock *sk;
};

struct in6_addr {
	u8 bytes[16];
};

struct sock_common {
	__be32 skc_daddr;
	__be32 skc_rcv_saddr;
	__be16 skc_dport;
	u16 skc_num;
	u16 skc_family;
	u8 skc_state;
	struct in6_addr skc_v6_daddr;
	struct in6_addr skc_v6_rcv_saddr;
};

struct sock {
	struct sock_common __sk_common;
	u16 sk_protocol;
	struct socket *sk_socket;
};

struct sockaddr_un {
	u16 sun_family;
	char sun_path[108];
};

struct unix_address {
	int len;
	struct sockaddr_un name[];
};

struct unix_sock {
	struct unix_address *addr;
	struct sock *peer;
};

struct netlink_sock {
	u32 portid;
	u32 subscriptions;
};

#pragma clang attribute pop

/*
 * A pointer that was not reached from one of the verifier's own, so that it can be followed: FIELD() then is a load, which
 * reads 0 where it faults, and no call. The objects for older kernels call, as bpf_rdonly_cast() came with 6.2.
 */
#ifdef RASTRO_PAGE_IN
extern void *bpf_rdonly_cast(const void *pointer, u32 type) __ksym;
#define FOLLOWED(type, pointer) ((type *)bpf_rdonly_cast((pointer), bpf_core_type_id_kernel(type)))
#define FIELD(pointer, field) ((pointer)->field)
#else
#define FOLLOWED(type, pointer) ((type *)(pointer))
#define FIELD(pointer, field) BPF_CORE_READ(pointer, field)
#endif

#endif /* RASTRO_VMLINUX_FILES_H */
