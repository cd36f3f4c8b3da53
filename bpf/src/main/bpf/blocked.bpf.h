/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * blocked.bpf.h - tells of a call while its task sleeps in it.
 *
 * Attached only while some session asks for it: it runs at every switch of tasks on the machine, and
 * everybody whom nobody watches pays for a look at the gate. The program runs under the run queue's
 * lock with interrupts off, so nothing in it may sleep: memory that is not resident is left out.
 * Included last, as it is made of what the calls' programs are made of.
 */
#ifndef RASTRO_BLOCKED_BPF_H
#define RASTRO_BLOCKED_BPF_H

/* Whether it goes to sleep, and is not just out of its share of the CPU. */
static __always_inline bool is_going_to_sleep(struct task_struct *task)
{
	if (bpf_core_field_exists(task->__state))
		return task->__state != 0;
	return ((struct task_struct___before_5_14 *)task)->state != 0;
}

/* The record's head and arguments are in the scratch: reads what the call was given and emits it. */
__noinline int capture_blocked(u32 slot, u32 capture, u32 late, u32 kept)
{
	struct scratch *s = scratch_of(PHASE_BLOCKED);
	bool fitted;

	if (!s)
		return 0;
	s->used = 0;
	s->control_at = 0;
	s->late = late;
	s->keep_faults = 0;
	__builtin_memset(s->segment_at, 0, sizeof(s->segment_at));
	restore_kept(s, kept, capture);
	/* As at the exit of a call that fails: what the kernel has to write is not there yet. */
	s->call.result = -EINTR;
	run_ops(s, PHASE_BLOCKED, slot);
	if (brings_file_data(s, capture_flags(slot)))
		put_tail(PHASE_BLOCKED);
	if (s->call.head.sessions & control.descriptors)
		describe_call(s, PHASE_BLOCKED, slot);
	s->call.result = 0;
	fitted = output_scratch(s);
	if (!fitted)
		count_loss(RASTRO_LOST_BLOCKED);
	wake_consumer();
	return fitted;
}

/* The sessions that want to hear now that this task sleeps in its current call. */
static __always_inline u64 sessions_of_blocked(struct stash *stash)
{
	if (!(stash->flags & STASH_ENTERED) || (stash->flags & STASH_TOLD_BLOCKED))
		return 0;
	/* Sessions have changed since: user space looks itself where the tasks of a new one stand. */
	if (stash->epoch_next != *(volatile u32 *)&control.epoch + 1)
		return 0;
	/* How a call ends, and when, is not known yet. */
	return stash->call & control.blocked & control.streaming & ~outcome_matters();
}

SEC("tp_btf/sched_switch")
int call_blocked(u64 *ctx)
{
	bool preempted = ctx[0];
	struct task_struct *task = (void *)ctx[1];
	struct pt_regs *regs;
	struct stash *stash;
	struct scratch *s;
	u64 sessions;
	u16 capture;

	if (preempted || !may_be_wanted(task->tgid) || !is_going_to_sleep(task))
		return 0;
	stash = bpf_task_storage_get(&stashes, bpf_get_current_task_btf(), NULL, 0);
	if (!stash)
		return 0;
	sessions = sessions_of_blocked(stash);
	if (!sessions)
		return 0;
	/* What execve was given is in its record of the entry, and may be gone by now. */
	capture = capture_flags(stash->slot);
	if (capture & RASTRO_CAPTURE_ENTER_RECORD)
		return 0;
	regs = (void *)bpf_task_pt_regs(bpf_get_current_task_btf());
	if (is_of_other_call(stash, regs, true))
		return 0;
	s = scratch_of(PHASE_BLOCKED);
	if (!s) {
		count_loss(RASTRO_LOST_BLOCKED);
		return 0;
	}
	fill_head(&s->call.head, stash, bpf_get_current_pid_tgid(), sessions,
		  RASTRO_CALL_BLOCKED, 0);
	s->call.duration_ns = bpf_ktime_get_ns() - stash->entry_ns;
	load_arguments(s->call.args, regs, stash->abi, true);
	s->stack = stack_pointer(regs, true);
	if (capture_blocked(stash->slot, capture, stash->late, stash->kept))
		stash->flags |= STASH_TOLD_BLOCKED;
	return 0;
}

#endif /* RASTRO_BLOCKED_BPF_H */
