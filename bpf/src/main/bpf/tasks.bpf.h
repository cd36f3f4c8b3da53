/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * tasks.bpf.h - a list of all tasks: whether each runs, is ready or waits, and for how long it has.
 *
 * /proc knows no difference between running and ready, and has one file for each number of each task.
 */
#ifndef RASTRO_TASKS_BPF_H
#define RASTRO_TASKS_BPF_H

#include "maps.bpf.h"

/* include/linux/sched.h, as they have been since 4.14 */
#define TASK_INTERRUPTIBLE 0x0001
#define TASK_UNINTERRUPTIBLE 0x0002
#define TASK_STOPPED_OR_TRACED 0x000c
#define TASK_NOLOAD 0x0400
#define TASK_NEW 0x0800

static __always_inline u32 state_bits(struct task_struct *task)
{
	if (bpf_core_field_exists(task->__state))
		return BPF_CORE_READ(task, __state);
	return BPF_CORE_READ((struct task_struct___before_5_14 *)task, state);
}

static __always_inline u32 task_state(struct task_struct *task)
{
	u32 bits = state_bits(task);

	if (BPF_CORE_READ(task, exit_state))
		return RASTRO_TASK_ENDED;
	if (bits & TASK_STOPPED_OR_TRACED)
		return RASTRO_TASK_STOPPED;
	if (bits & TASK_INTERRUPTIBLE)
		return RASTRO_TASK_WAITING;
	if (bits & TASK_UNINTERRUPTIBLE)
		return bits & TASK_NOLOAD ? RASTRO_TASK_IDLE : RASTRO_TASK_DISK;
	if (bits & TASK_NEW || (bpf_core_field_exists(task->sched_info.pcount) &&
				!BPF_CORE_READ(task, sched_info.pcount)))
		return RASTRO_TASK_NEW;
	if (bpf_core_field_exists(task->on_cpu) && !BPF_CORE_READ(task, on_cpu))
		return RASTRO_TASK_READY;
	return RASTRO_TASK_RUNNING;
}

/*
 * Time that the task waited for a CPU. The kernel adds a wait when it ends; one that has not ended is as long as
 * the clock of its CPU's queue tells, which moves with each switch and tick there.
 */
static __always_inline u64 ready_ns(struct task_struct *task, u32 state)
{
	u64 waited, queued, now;

	if (!bpf_core_field_exists(task->sched_info.run_delay))
		return 0;
	waited = BPF_CORE_READ(task, sched_info.run_delay);
	if (state != RASTRO_TASK_READY && state != RASTRO_TASK_NEW)
		return waited;
	if (!bpf_core_field_exists(task->se.cfs_rq) ||
	    !bpf_core_field_exists(((struct cfs_rq *)0)->rq))
		return waited;
	queued = BPF_CORE_READ(task, sched_info.last_queued);
	now = BPF_CORE_READ(task, se.cfs_rq, rq, clock);
	if (queued && now > queued)
		waited += now - queued;
	return waited;
}

SEC("iter/task")
int list_tasks(struct bpf_iter__task *ctx)
{
	struct task_struct *task = ctx->task;
	struct rastro_task listed = {};

	if (!task)
		return 0;
	listed.tgid = task->tgid;
	listed.tid = task->pid;
	listed.age_ns = bpf_ktime_get_boot_ns() - task->start_boottime;
	listed.ran_ns = BPF_CORE_READ(task, se.sum_exec_runtime);
	listed.state = task_state(task);
	listed.ready_ns = ready_ns(task, listed.state);
	bpf_seq_write(ctx->meta->seq, &listed, sizeof(listed));
	return 0;
}

#endif /* RASTRO_TASKS_BPF_H */
