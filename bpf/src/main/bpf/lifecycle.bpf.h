/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * lifecycle.bpf.h - processes come, change their program, get signals and go.
 *
 * Children inherit their parent's sessions here, before they run, so that their first call is not
 * missed. Each program can be left out alone; without process_exit user space must take dead
 * processes out of the maps itself.
 */
#ifndef RASTRO_LIFECYCLE_BPF_H
#define RASTRO_LIFECYCLE_BPF_H

#include "select.bpf.h"
#include "choose.bpf.h"
#include "emit.bpf.h"

#define SIGNAL_GROUP_EXIT 0x4		/* signal_struct.flags: group_exit_code holds */
#define SIGKILL 9
#define TRACE_SIGNAL_DELIVERED 0
#define TRACE_SIGNAL_IGNORED 1		/* signal_generate's result */
#define SEND_SIG_NOINFO 0		/* siginfo pointers that are no pointers */
#define SEND_SIG_PRIV 1
#define SI_KERNEL 0x80

/* clone(2): kernel ABI */
#define CLONE_NEWTIME 0x00000080
#define CLONE_VM 0x00000100
#define CLONE_FS 0x00000200
#define CLONE_FILES 0x00000400
#define CLONE_SIGHAND 0x00000800
#define CLONE_PARENT 0x00008000
#define CLONE_THREAD 0x00010000
#define CLONE_NEWNS 0x00020000
#define CLONE_NEWCGROUP 0x02000000
#define CLONE_NEWUTS 0x04000000
#define CLONE_NEWIPC 0x08000000
#define CLONE_NEWUSER 0x10000000
#define CLONE_NEWPID 0x20000000
#define CLONE_NEWNET 0x40000000

/* siginfo_t as kill(2) fills it. */
struct sent_siginfo {
	s32 signal;
	s32 error;
	s32 code;
	s32 pad;
	u32 sender_tgid;
	u32 sender_uid;
};

static __always_inline void fill_event(struct rastro_head *head, u64 sessions, u32 tgid, u32 tid,
				       u8 kind)
{
	head->sessions = sessions;
	head->time_ns = bpf_ktime_get_ns();
	head->tgid = tgid;
	head->tid = tid;
	head->nr = 0;
	head->kind = kind;
	head->abi = RASTRO_ABI_NATIVE;
	head->flags = 0;
}

/* Among those that follow the lives of their tasks. */
static __always_inline u64 lifecycle_sessions(u64 wanted)
{
	return (wanted & control.lifecycle) | control.lifecycle_everyone;
}

/*
 * The number that a task or process has in its own pid namespace. The pointer is a copy, thus a plain
 * number, because up to 6.1 "math between ptr_ pointer and register with unbounded min value is not
 * allowed".
 */
static __always_inline u32 innermost_number(u64 pid)
{
	u32 level = 0, number = 0;
	u64 entry;

	bpf_core_read(&level, sizeof(level), &((struct pid *)pid)->level);
	entry = pid + bpf_core_field_offset(struct pid, numbers) +
		level * bpf_core_type_size(struct upid);
	bpf_core_read(&number, sizeof(number), &((struct upid *)entry)->nr);
	return number;
}

/* What a child gets from one target of its parent. */
static __always_inline void add_heritage(struct rastro_target *child, struct rastro_target *parent)
{
	if (!parent)
		return;
	child->wanted |= parent->inherit & ~parent->spawn;
	child->inherit |= parent->inherit;
	child->pending |= parent->spawn;
}

/* Namespaces in which a child does not live with its parent. */
static __always_inline u64 new_namespaces(struct task_struct *parent, struct task_struct *child)
{
	struct nsproxy *ours = child->nsproxy, *theirs = parent->nsproxy;
	u64 flags = 0;

	if ((u64)child->cred->user_ns != (u64)parent->cred->user_ns)
		flags |= CLONE_NEWUSER;
	if (BPF_CORE_READ(child, thread_pid, level) != BPF_CORE_READ(parent, thread_pid, level))
		flags |= CLONE_NEWPID;
	if ((u64)ours == (u64)theirs)
		return flags;
	if (BPF_CORE_READ(ours, mnt_ns) != BPF_CORE_READ(theirs, mnt_ns))
		flags |= CLONE_NEWNS;
	if (BPF_CORE_READ(ours, uts_ns) != BPF_CORE_READ(theirs, uts_ns))
		flags |= CLONE_NEWUTS;
	if (BPF_CORE_READ(ours, ipc_ns) != BPF_CORE_READ(theirs, ipc_ns))
		flags |= CLONE_NEWIPC;
	if (BPF_CORE_READ(ours, net_ns) != BPF_CORE_READ(theirs, net_ns))
		flags |= CLONE_NEWNET;
	if (BPF_CORE_READ(ours, cgroup_ns) != BPF_CORE_READ(theirs, cgroup_ns))
		flags |= CLONE_NEWCGROUP;
	if (BPF_CORE_READ(ours, time_ns) != BPF_CORE_READ(theirs, time_ns))
		flags |= CLONE_NEWTIME;
	return flags;
}

/* How a child was made, told by what it is and not by what was asked for. */
static __always_inline u64 clone_flags(struct task_struct *parent, struct task_struct *child)
{
	u64 flags = new_namespaces(parent, child);

	if (child->mm && (u64)child->mm == (u64)parent->mm)
		flags |= CLONE_VM;
	if ((u64)child->fs == (u64)parent->fs)
		flags |= CLONE_FS;
	if ((u64)child->files == (u64)parent->files)
		flags |= CLONE_FILES;
	if ((u64)child->sighand == (u64)parent->sighand)
		flags |= CLONE_SIGHAND;
	if ((u64)child->signal == (u64)parent->signal)
		flags |= CLONE_THREAD;
	else if (child->real_parent->tgid != parent->tgid)
		flags |= CLONE_PARENT;
	return flags;
}

SEC("tp_btf/sched_process_fork")
int process_fork(u64 *ctx)
{
	struct task_struct *parent = (void *)ctx[0], *child = (void *)ctx[1];
	u32 tgid = parent->tgid, tid = parent->pid, child_tgid = child->tgid, child_tid = child->pid;
	struct rastro_target target = {}, *thread;
	bool new_process = child_tgid != tgid;
	struct rastro_fork *record;
	u64 sessions, watched_by, pid = 0;

	if (!may_be_wanted(tgid) && !control.lifecycle_everyone && !control.choosing)
		return 0;
	thread = bpf_map_lookup_elem(&threads, &tid);
	add_heritage(&target, thread);
	if (new_process) {
		add_heritage(&target, bpf_map_lookup_elem(&processes, &tgid));
		if (control.choosing && tgid != control.self_tgid)
			choose(&target, chosen_by(child));
	}
	watched_by = target.wanted | target.chosen | target.pending;

	/* A new thread of the same process is covered by the process's own target. */
	if (watched_by && new_process) {
		if (bpf_map_update_elem(&processes, &child_tgid, &target, BPF_ANY)) {
			count_loss(RASTRO_LOST_FORK);
			watched_by = 0;
		} else {
			open_gate(child_tgid);
		}
	} else if (target.wanted) {
		if (bpf_map_update_elem(&threads, &child_tid, &target, BPF_ANY)) {
			count_loss(RASTRO_LOST_FORK);
			watched_by = 0;
		}
	}

	/* What a child has of a parent beyond a session's reach is kept for the time at which it comes within. */
	watched_by &= ~beyond_reach(child, watched_by);
	sessions = lifecycle_sessions(watched_by | wanted_by(parent));
	if (!sessions || tgid == control.self_tgid)
		return 0;
	record = RESERVE_LIFECYCLE(struct rastro_fork, sessions);
	if (!record)
		return 0;
	record->watched_by = watched_by | control.everyone;
	fill_event(&record->head, sessions, tgid, tid, RASTRO_FORK);
	record->child_start_ns = child->group_leader->start_boottime;
	record->child_tgid = child_tgid;
	record->child_tid = child_tid;
	bpf_core_read(&pid, sizeof(pid), &child->signal->pids[PIDTYPE_TGID]);
	record->child_ns_tgid = innermost_number(pid);
	bpf_core_read(&pid, sizeof(pid), &child->thread_pid);
	record->child_ns_tid = innermost_number(pid);
	record->clone_flags = clone_flags(parent, child);
	record->uid = child->cred->uid.val;
	record->reserved = 0;
	emit(record);
	return 0;
}

/* A thread that is not the leader takes the leader's number when it executes a program. */
static __always_inline void rename_thread(u32 old_tid, u32 tid)
{
	struct rastro_target *found = bpf_map_lookup_elem(&threads, &old_tid), target;

	if (!found)
		return;
	target = *found;
	if (bpf_map_update_elem(&threads, &tid, &target, BPF_ANY))
		count_loss(RASTRO_LOST_FORK);
	bpf_map_delete_elem(&threads, &old_tid);
}

/* Only the task that executes is left of its process. */
static __always_inline void choose_at_exec(struct task_struct *task, struct stash *stash, u32 tgid)
{
	choose_process(task, tgid);
	if (stash)
		stash->epoch_next = 0;
}

/* What the new program was started with: it lies at the top of its stack, freshly written. */
static __always_inline void fill_arguments(struct rastro_exec *record, struct task_struct *task)
{
	u64 from = task->mm->arg_start, bytes = task->mm->arg_end - from;

	record->argument_bytes = bytes;
	CLAMP(bytes, RASTRO_ARGUMENT_BYTES);
	bpf_probe_read_user(record->arguments, bytes, (void *)from);
}

SEC("tp_btf/sched_process_exec")
int process_exec(u64 *ctx)
{
	struct task_struct *task = (void *)ctx[0];
	u32 tgid = task->tgid, tid = task->pid, old_tid = ctx[1];
	struct linux_binprm *program = (void *)ctx[2];
	u64 sessions, watched_by, bounded = 0;
	struct rastro_exec *record;
	struct stash *stash;

	if (!may_be_wanted(tgid) && !control.lifecycle_everyone && !control.choosing)
		return 0;
	if (tgid == control.self_tgid)
		return 0;
	if (old_tid != tid)
		rename_thread(old_tid, tid);
	stash = bpf_task_storage_get(&stashes, task, NULL, 0);
	sessions = asked_for_by(tgid, tid);
	/* The task's rights are the new ones already: which bounded sessions saw it until now, the stash tells. */
	if (stash)
		bounded = stash->wanted & sessions & control.bounded;
	sessions = (sessions & ~control.bounded) | bounded;
	if (control.choosing)
		choose_at_exec(task, stash, tgid);
	watched_by = wanted_by(task);
	/* The call that executes goes on: who saw it begin may see it return, and no more. */
	if (stash && control.bounded)
		remember(stash, task, watched_by);
	else if (stash)
		stash->undumpable = !is_dumpable(task);
	sessions = lifecycle_sessions(sessions | watched_by);
	if (!sessions)
		return 0;
	record = RESERVE_LIFECYCLE(struct rastro_exec, sessions);
	if (!record)
		return 0;
	/* The ring hands out memory with old records in it. */
	__builtin_memset(record, 0, sizeof(*record));
	fill_event(&record->head, sessions, tgid, tid, RASTRO_EXEC);
	record->start_ns = task->group_leader->start_boottime;
	record->watched_by = watched_by;
	record->withheld_from = beyond_reach(task, bounded);
	record->old_tid = old_tid;
	record->uid = bpf_get_current_uid_gid();
	bpf_get_current_comm(record->comm, sizeof(record->comm));
	bpf_probe_read_kernel_str(record->filename, sizeof(record->filename), program->filename);
	fill_arguments(record, task);
	emit(record);
	return 0;
}

/* As wait(2) would report the task, or, when it was the last, its process. */
static __always_inline u32 wait_status(struct task_struct *task, bool process_ended)
{
	if (task->signal->flags & SIGNAL_GROUP_EXIT)
		return task->signal->group_exit_code;
	if (process_ended)
		return task->group_leader->exit_code;
	return task->exit_code;
}

SEC("tp_btf/sched_process_exit")
int process_exit(u64 *ctx)
{
	struct task_struct *task = (void *)ctx[0];
	u32 tgid = task->tgid, tid = task->pid;
	struct rastro_exit *record;
	u64 sessions, awaited;
	bool process_ended;

	if (!may_be_wanted(tgid) && !control.lifecycle_everyone)
		return 0;
	/* Two threads that exit at once may both find themselves the last: all below bears that. */
	process_ended = task->signal->live.counter == 0;
	awaited = awaited_by(tgid);
	sessions = lifecycle_sessions(wanted_by(task) | (awaited & ~beyond_reach(task, awaited)));
	bpf_map_delete_elem(&threads, &tid);
	if (process_ended) {
		bpf_map_delete_elem(&processes, &tgid);
		close_gate(tgid);
	}
	if (!sessions || tgid == control.self_tgid)
		return 0;
	record = RESERVE_LIFECYCLE(struct rastro_exit, sessions);
	if (!record)
		return 0;
	fill_event(&record->head, sessions, tgid, tid, RASTRO_EXIT);
	record->start_ns = task->group_leader->start_boottime;
	record->status = wait_status(task, process_ended);
	record->process_ended = process_ended;
	__builtin_memset(record->comm, 0, sizeof(record->comm));
	/* A process goes by the name of its first thread, whichever is the last. */
	if (process_ended)
		BPF_CORE_READ_STR_INTO(&record->comm, task, group_leader, comm);
	else
		bpf_get_current_comm(record->comm, sizeof(record->comm));
	record->uid = bpf_get_current_uid_gid();
	record->reserved = 0;
	emit(record);
	return 0;
}

static __always_inline u64 signal_sessions(u32 signal, struct task_struct *receiver)
{
	u64 index = signal;

	if (signal >= RASTRO_SIGNALS)
		return 0;
	CLAMP(index, RASTRO_SIGNALS - 1);
	return control.signal_sessions[index] & control.streaming & wanted_by(receiver);
}

/*
 * The kernel turns a signal that ends a process without a core into SIGKILL for all its threads, as soon as it is sent:
 * no delivery will tell of it.
 */
static __always_inline bool ends_process(struct task_struct *receiver, u32 signal)
{
	return signal != SIGKILL && receiver->signal->flags & SIGNAL_GROUP_EXIT &&
	       receiver->signal->group_exit_code == signal;
}

/* The receiver ignores it or dies of it, so that no delivery will tell. Runs as the sender. */
SEC("tp_btf/signal_generate")
int signal_generate(u64 *ctx)
{
	struct task_struct *receiver = (void *)ctx[2];
	u32 signal = ctx[0], tgid, tid;
	struct rastro_signal *record;
	struct sent_siginfo *sent;
	u64 info = ctx[1], sessions;

	if (ctx[4] != TRACE_SIGNAL_IGNORED && !(ctx[4] == TRACE_SIGNAL_DELIVERED && ends_process(receiver, signal)))
		return 0;
	tgid = receiver->tgid;
	tid = receiver->pid;
	if (!may_be_wanted(tgid))
		return 0;
	sessions = signal_sessions(signal, receiver);
	if (!sessions)
		return 0;
	record = RESERVE(struct rastro_signal, sessions);
	if (!record)
		return 0;
	__builtin_memset(record, 0, sizeof(*record));
	fill_event(&record->head, sessions, tgid, tid, RASTRO_SIGNAL_GENERATE);
	record->head.nr = signal;
	sent = (void *)record->siginfo;
	if (info > SEND_SIG_PRIV) {
		bpf_probe_read_kernel(record->siginfo, sizeof(record->siginfo), (void *)info);
	} else {
		sent->signal = signal;
		if (info == SEND_SIG_PRIV) {
			sent->code = SI_KERNEL;
		} else {
			sent->sender_tgid = bpf_get_current_pid_tgid() >> 32;
			sent->sender_uid = bpf_get_current_uid_gid();
		}
	}
	emit(record);
	return 0;
}

SEC("tp_btf/signal_deliver")
int signal_deliver(u64 *ctx)
{
	u64 pid_tgid = bpf_get_current_pid_tgid(), sessions;
	u32 signal = ctx[0], tgid = pid_tgid >> 32;
	struct k_sigaction *action = (void *)ctx[2];
	struct rastro_signal *record;

	/* Nothing handles it: the exit tells. Each thread of a process that ends gets one, too. */
	if (signal == SIGKILL || !may_be_wanted(tgid))
		return 0;
	sessions = signal_sessions(signal, bpf_get_current_task_btf());
	if (!sessions)
		return 0;
	record = RESERVE(struct rastro_signal, sessions);
	if (!record)
		return 0;
	__builtin_memset(record, 0, sizeof(*record));
	fill_event(&record->head, sessions, tgid, pid_tgid, RASTRO_SIGNAL_DELIVER);
	record->head.nr = signal;
	bpf_core_read(&record->handler, sizeof(record->handler), &action->sa.sa_handler);
	if (ctx[1] > SEND_SIG_PRIV)
		bpf_probe_read_kernel(record->siginfo, sizeof(record->siginfo), (void *)ctx[1]);
	else
		*(s32 *)record->siginfo = signal;
	emit(record);
	return 0;
}

#endif /* RASTRO_LIFECYCLE_BPF_H */
