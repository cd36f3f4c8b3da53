/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * select.bpf.h - which sessions want which task.
 *
 * Three steps, each cheaper than the next: a bit for the process (the gate), a mask kept with the task,
 * and, only when control.epoch has changed, the two maps of targets.
 */
#ifndef RASTRO_SELECT_BPF_H
#define RASTRO_SELECT_BPF_H

#include "maps.bpf.h"
#include "reach.bpf.h"

static __always_inline u64 *gate_word(u32 tgid)
{
	return &gate.words[(tgid >> 6) & (RASTRO_GATE_WORDS - 1)];
}

/* False for most: what all other processes of the machine pay for. */
static __always_inline bool may_be_wanted(u32 tgid)
{
	if (!((*gate_word(tgid) >> (tgid & 63)) & 1) && !control.everyone)
		return false;
	return tgid != control.self_tgid;
}

static __always_inline void open_gate(u32 tgid)
{
	__sync_fetch_and_or(gate_word(tgid), 1ULL << (tgid & 63));
}

static __always_inline void close_gate(u32 tgid)
{
	__sync_fetch_and_and(gate_word(tgid), ~(1ULL << (tgid & 63)));
}

/* Sessions that will want this process once it executes a program. */
static __always_inline u64 awaited_by(u32 tgid)
{
	struct rastro_target *process = bpf_map_lookup_elem(&processes, &tgid);

	return process ? process->pending : 0;
}

/* Sessions that want this task, worked out afresh, whether they may see it or not. */
static __always_inline u64 asked_for_by(u32 tgid, u32 tid)
{
	struct rastro_target *process = bpf_map_lookup_elem(&processes, &tgid);
	struct rastro_target *thread = bpf_map_lookup_elem(&threads, &tid);
	u64 wanted = control.everyone;

	if (process)
		wanted |= process->wanted | process->chosen;
	if (thread)
		wanted |= thread->wanted;
	return wanted;
}

/* Sessions that want this task and may see it. */
static __always_inline u64 wanted_by(struct task_struct *task)
{
	u64 wanted = asked_for_by(task->tgid, task->pid);

	return wanted & ~beyond_reach(task, wanted);
}

static __always_inline struct stash *current_stash(struct task_struct *task)
{
	return bpf_task_storage_get(&stashes, task, NULL, BPF_LOCAL_STORAGE_GET_F_CREATE);
}

/* What the stash says of the task holds for the rights that it has now. */
static __always_inline void remember(struct stash *stash, struct task_struct *task, u64 wanted)
{
	stash->wanted = wanted;
	stash->exec_id = task->self_exec_id;
	stash->undumpable = !is_dumpable(task);
}

/* Returns whether the stash had to be refreshed: what it said of a call may be of a past session. */
static __always_inline bool refresh(struct stash *stash, struct task_struct *task)
{
	/* Read before the maps: user space changes them first, then the epoch. */
	u32 next = *(volatile u32 *)&control.epoch + 1;
	u64 awaited;

	/* Whoever may not see everything is not shown a program that no event told of. */
	if (stash->epoch_next == next &&
	    (!(stash->wanted & control.bounded) || stash->exec_id == (u32)task->self_exec_id))
		return false;
	if (!stash->start_ns)
		stash->start_ns = task->group_leader->start_boottime;
	remember(stash, task, wanted_by(task));
	awaited = awaited_by(task->tgid);
	stash->pending = awaited & ~beyond_reach(task, awaited);
	stash->epoch_next = next;
	return true;
}

/* The task is about to execute a program: from this call on it is watched. */
static __always_inline void begin_pending(struct stash *stash, u32 tgid)
{
	struct rastro_target *process = bpf_map_lookup_elem(&processes, &tgid);

	if (process) {
		process->wanted |= process->pending;
		process->pending = 0;
	}
	stash->wanted |= stash->pending;
	stash->pending = 0;
}

#endif /* RASTRO_SELECT_BPF_H */
