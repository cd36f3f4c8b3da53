/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * vmlinux.h - the few kernel types that the capture program reads, kept by hand.
 *
 * Only the members that are used are named; libbpf finds their real offsets in the running kernel's
 * BTF when it loads the object (CO-RE). A suffix after three underscores is dropped for that search:
 * it lets one object carry the registers of two architectures, whichever it was compiled on. The
 * numbers below are kernel ABI (include/uapi/linux/bpf.h) and do not change.
 */
#ifndef RASTRO_VMLINUX_H
#define RASTRO_VMLINUX_H

typedef signed char __s8;
typedef unsigned char __u8;
typedef short __s16;
typedef unsigned short __u16;
typedef int __s32;
typedef unsigned int __u32;
typedef long long __s64;
typedef unsigned long long __u64;
typedef __u16 __be16;
typedef __u32 __be32;
typedef __u64 __be64;
typedef __u32 __wsum;
typedef __u8 u8;
typedef __u16 u16;
typedef __s32 s32;
typedef __u32 u32;
typedef __s64 s64;
typedef __u64 u64;
typedef _Bool bool;
enum { false = 0, true = 1 };

enum bpf_map_type {
	BPF_MAP_TYPE_HASH = 1,
	BPF_MAP_TYPE_ARRAY = 2,
	BPF_MAP_TYPE_PERCPU_HASH = 5,
	BPF_MAP_TYPE_ARRAY_OF_MAPS = 12,
	BPF_MAP_TYPE_RINGBUF = 27,
	BPF_MAP_TYPE_TASK_STORAGE = 29,
};

enum {
	BPF_ANY = 0,
	BPF_NOEXIST = 1,
};

enum {
	BPF_F_NO_PREALLOC = 1 << 0,
	BPF_F_MMAPABLE = 1 << 10,
};

enum {
	BPF_LOCAL_STORAGE_GET_F_CREATE = 1 << 0,
};

enum {
	BPF_RB_NO_WAKEUP = 1 << 0,
	BPF_RB_FORCE_WAKEUP = 1 << 1,
};

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)

struct file;
struct files_struct;
struct fs_struct;
struct pt_regs;

struct pt_regs___x86 {
	unsigned long r10, r9, r8;
	unsigned long dx, si, di;
	unsigned long bx, cx, bp;	/* 32-bit calls only */
	unsigned long orig_ax;
	unsigned long sp;
};

struct pt_regs___arm64 {
	u64 regs[31];
	u64 sp;
	u64 orig_x0;
	s32 syscallno;
};

struct thread_info {
	unsigned long flags;
};

struct thread_info___x86 {
	u32 status;
};

struct upid {
	int nr;
	void *ns;
};

struct pid {
	unsigned int level;
	struct upid numbers[1];
};

enum pid_type { PIDTYPE_PID, PIDTYPE_TGID, PIDTYPE_PGID, PIDTYPE_SID, PIDTYPE_MAX };

typedef struct {
	int counter;
} atomic_t;

struct sighand_struct;

struct nsproxy {
	void *uts_ns, *ipc_ns, *mnt_ns, *net_ns, *time_ns, *cgroup_ns;
};

struct signal_struct {
	atomic_t live;
	int group_exit_code;
	unsigned int flags;
	struct pid *pids[PIDTYPE_MAX];
};

struct mm_struct {
	struct file *exe_file;
	unsigned long arg_start, arg_end;
	unsigned long flags;
};

/* From 6.18 on. */
struct mm_struct___bitmap {
	struct {
		unsigned long words[1];
	} flags;
};

/* From 7.3 on the task has what the memory's flags had. */
enum task_dumpable {
	TASK_DUMPABLE_OWNER = 1,
};

struct task_exec_state {
	enum task_dumpable dumpable;
};

struct task_struct___exec_state {
	struct task_exec_state *exec_state;
};

typedef struct {
	u32 val;
} kuid_t;

typedef struct {
	u32 val;
} kgid_t;

/* Two words of 32 bits up to 6.2. */
typedef struct {
	u64 val;
} kernel_cap_t;

struct user_namespace {
	int level;
};

struct cred {
	kuid_t uid;
	kgid_t gid;
	kuid_t suid;
	kgid_t sgid;
	kuid_t euid;
	kgid_t egid;
	kernel_cap_t cap_permitted;
	struct user_namespace *user_ns;
};

struct kernfs_node {
	u64 id;
};

struct cgroup;

struct cgroup_subsys_state {
	struct cgroup *cgroup;
	struct cgroup_subsys_state *parent;
};

struct cgroup {
	struct cgroup_subsys_state self;
	struct kernfs_node *kn;
};

struct css_set {
	struct cgroup *dfl_cgrp;
};

struct rq {
	u64 clock;
};

struct cfs_rq {
	struct rq *rq;		/* with FAIR_GROUP_SCHED */
};

struct sched_entity {
	u64 sum_exec_runtime;
	struct cfs_rq *cfs_rq;	/* with FAIR_GROUP_SCHED */
};

struct sched_info {
	unsigned long pcount;
	unsigned long long run_delay;
	unsigned long long last_queued;
};

struct task_struct {
	struct thread_info thread_info;
	int pid;
	int tgid;
	int exit_code;
	u64 start_boottime;
	struct task_struct *real_parent;
	u64 self_exec_id;
	struct task_struct *group_leader;
	struct pid *thread_pid;
	struct signal_struct *signal;
	struct sighand_struct *sighand;
	struct nsproxy *nsproxy;
	struct mm_struct *mm;
	const struct cred *real_cred;
	const struct cred *cred;
	struct css_set *cgroups;
	struct files_struct *files;
	struct fs_struct *fs;
	char comm[16];
	unsigned int __state;
	int exit_state;
	int on_cpu;
	struct sched_entity se;
	struct sched_info sched_info;
	int softirq_disable_cnt;	/* with PREEMPT_RT */
};

/* Up to 5.13. */
struct task_struct___before_5_14 {
	long state;
};

struct task_struct___x86 {
	struct thread_info___x86 thread_info;
};

struct seq_file;

struct bpf_iter_meta {
	struct seq_file *seq;
};

struct bpf_iter__task {
	struct bpf_iter_meta *meta;
	struct task_struct *task;
};

struct linux_binprm {
	const char *filename;
};

struct kernel_siginfo;

struct sigaction {
	void *sa_handler;
};

struct k_sigaction {
	struct sigaction sa;
};

#pragma clang attribute pop

/* Read from user memory: ABI, which needs no relocation. */
struct user_msghdr {
	u64 name;
	u32 name_bytes;
	u32 pad;
	u64 iovecs;
	u64 iovec_count;
	u64 control;
	u64 control_bytes;
	u32 flags;
	u32 pad_end;
};

struct user_cmsghdr {
	u64 bytes;
	s32 level;
	s32 type;
};

struct user_iovec {
	u64 address;
	u64 length;
};

#endif /* RASTRO_VMLINUX_H */
