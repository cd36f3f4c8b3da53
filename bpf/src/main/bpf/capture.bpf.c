// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * capture.bpf.c - system calls as records and sums.
 *
 * Entry: does a session want this task's call? Then keep number and time with the task, and only the
 * bytes that will be gone at exit. Exit: sum the call up, read the rest, put one record into the ring.
 * User space chooses one program of each pair (tp_btf, or raw_tp where that is not to be had).
 */
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>
#include "record.h"
#include "maps.bpf.h"
#include "registers.bpf.h"
#include "select.bpf.h"
#include "count.bpf.h"
#include "emit.bpf.h"
#include "read.bpf.h"
#include "descriptor.bpf.h"
#include "kinds.bpf.h"
#include "netlink.bpf.h"
#include "lifecycle.bpf.h"
#include "tasks.bpf.h"
#include "contract.bpf.h"

char LICENSE[] SEC("license") = "Dual BSD/GPL";

/* Flags of a slot that make the entry do more than keep number and time. */
#define CAPTURE_AT_ENTRY                                                                           \
	(RASTRO_CAPTURE_ENTRY | RASTRO_CAPTURE_ENTER_RECORD | RASTRO_CAPTURE_NO_RETURN |           \
	 RASTRO_CAPTURE_ARGS_AT_ENTRY)

/* Results of a call that a signal broke off (include/linux/errno.h). */
#define EINTR 4
#define ERESTARTSYS 512
#define ERESTART_RESTARTBLOCK 516
#define WAIT_SIGNAL_MASK 0x7f		/* in a status as wait(2) reports it */

/* What the command of an ioctl says of its argument (asm-generic/ioctl.h); those of sockets do not. */
#define IOC_DIRECTION(command) ((u32)(command) >> 30)
#define IOC_TYPE(command) ((u8)((command) >> 8))
#define IOC_READ_WRITE 3
#define IOC_TYPE_SOCKET 0x89

/* What the classic tracepoints raw_syscalls hand over; "result" is sys_exit's. */
struct syscall_tracepoint {
	u64 common;
	s64 nr;
	s64 result;
};

static __always_inline u16 capture_flags(u16 slot)
{
	u64 index = slot;

	/* Nothing is known of the pointers of a foreign ABI: its six arguments are all. */
	if (slot == RASTRO_SLOT_FOREIGN)
		return 0;
	CLAMP(index, RASTRO_SYSCALL_SLOTS - 1);
	return control.capture[index];
}

static __always_inline u64 slot_sessions(u16 slot)
{
	u64 index = slot;

	CLAMP(index, RASTRO_SYSCALL_SLOTS - 1);
	return control.syscall_sessions[index];
}

/* Sessions that decide by how a call ends. */
static __always_inline u64 outcome_matters(void)
{
	return control.failed_only | control.success_only | control.some_errors | control.slow_only;
}

static __always_inline void fill_head(struct rastro_head *head, struct stash *stash, u64 pid_tgid,
				      u64 sessions, u8 kind, u16 flags)
{
	head->sessions = sessions;
	head->time_ns = stash->entry_ns;
	head->tgid = pid_tgid >> 32;
	head->tid = pid_tgid;
	head->nr = stash->nr;
	head->kind = kind;
	head->abi = stash->abi;
	head->flags = flags;
}

/* Keeps what the ops read at entry, and the arguments, until the exit. */
static __always_inline void keep_for_exit(struct scratch *s, struct stash *stash)
{
	struct area *area = bpf_task_storage_get(&areas, bpf_get_current_task_btf(), NULL,
						 BPF_LOCAL_STORAGE_GET_F_CREATE);
	u64 bytes = s->used;

	if (!area) {
		count_loss(RASTRO_LOST_ENTRY);
		stash->late = LATE_ALL;
		return;
	}
	__builtin_memcpy(area->args, s->call.args, sizeof(area->args));
	__builtin_memcpy(area->segment_at, s->segment_at, sizeof(area->segment_at));
	CLAMP(bytes, AREA_BYTES);
	bpf_probe_read_kernel(area->payload, bytes, s->payload);
	stash->kept = 1 + bytes;
}

/* The arguments are in the entry scratch: runs the ops that are due at entry. */
__noinline int capture_entry(u32 slot, u32 capture)
{
	struct scratch *s = scratch_of(PHASE_ENTRY);
	struct stash *stash = current_stash(bpf_get_current_task_btf());
	u64 pid_tgid = bpf_get_current_pid_tgid(), sessions;

	if (!s || !stash)
		return 0;
	s->used = 0;
	s->control_at = 0;
	s->late = 0;
	s->call.head.flags = 0;
	s->call.result = 0;
	s->call.duration_ns = 0;
	__builtin_memset(s->segment_at, 0, sizeof(s->segment_at));
	s->keep_faults = !!(capture & (RASTRO_CAPTURE_ENTER_RECORD | RASTRO_CAPTURE_NO_RETURN));
	if (capture & RASTRO_CAPTURE_ENTRY)
		run_ops(s, PHASE_ENTRY, slot);
	if (stash->call & control.descriptors)
		describe_call(s, PHASE_ENTRY, slot);
	stash->late = s->late;
	stash->entry_ns = bpf_ktime_get_ns();
	sessions = stash->call & control.streaming;

	if (capture & RASTRO_CAPTURE_NO_RETURN) {
		/* It has no result, so it is neither failed nor successful, nor slow. */
		sessions &= ~outcome_matters();
		fill_head(&s->call.head, stash, pid_tgid, sessions, RASTRO_CALL,
			  s->call.head.flags | RASTRO_NO_RETURN);
		if (sessions)
			emit_scratch(s);
		stash->call = 0;
		return 0;
	}
	if ((capture & RASTRO_CAPTURE_ENTER_RECORD) || s->used > AREA_BYTES) {
		fill_head(&s->call.head, stash, pid_tgid, sessions, RASTRO_CALL_ENTER, s->call.head.flags);
		if (emit_scratch(s)) {
			stash->flags |= STASH_SENT_ENTER;
		} else {
			count_loss(RASTRO_LOST_ENTRY);
			stash->late = LATE_ALL;
		}
		/* The ops at exit cannot lean on these segments any more. */
		s->used = 0;
		__builtin_memset(s->segment_at, 0, sizeof(s->segment_at));
	}
	if (s->used || (capture & RASTRO_CAPTURE_ARGS_AT_ENTRY))
		keep_for_exit(s, stash);
	return 0;
}

/* Whether the kernel reads what this ioctl's argument points to, and then writes there. */
static __always_inline bool changes_argument(u64 command)
{
	return IOC_DIRECTION(command) == IOC_READ_WRITE || IOC_TYPE(command) == IOC_TYPE_SOCKET;
}

static __always_inline int on_enter(struct pt_regs *regs, u32 nr, const bool trusted)
{
	u64 pid_tgid = bpf_get_current_pid_tgid(), sessions;
	struct task_struct *task;
	struct stash *stash;
	struct scratch *s;
	u16 slot, capture;
	u8 abi;

	if (!may_be_wanted(pid_tgid >> 32))
		return 0;
	task = bpf_get_current_task_btf();
	stash = current_stash(task);
	if (!stash) {
		count_loss(RASTRO_LOST_STORAGE);
		return 0;
	}
	refresh(stash, task);
	stash->flags = STASH_ENTERED;
	stash->call = 0;
	if (!(stash->wanted | stash->pending))
		return 0;
	abi = abi_of(task, nr);
	slot = slot_of(nr, abi);
	capture = capture_flags(slot);
	if (stash->pending && (capture & RASTRO_CAPTURE_ENTER_RECORD))
		begin_pending(stash, pid_tgid >> 32);
	sessions = stash->wanted & slot_sessions(slot);
	if (!sessions)
		return 0;
	stash->call = sessions;
	stash->nr = nr;
	stash->abi = abi;
	stash->slot = slot;
	stash->kept = 0;
	stash->late = LATE_ALL;
	if ((capture & RASTRO_CAPTURE_IOCTL) && !changes_argument(command_of(regs, trusted))) {
		capture &= ~RASTRO_CAPTURE_ENTRY;
		stash->late = 0;
	}
	if (((capture & CAPTURE_AT_ENTRY) || (sessions & control.descriptors)) &&
	    (sessions & control.streaming)) {
		s = scratch_of(PHASE_ENTRY);
		if (s) {
			load_arguments(s->call.args, regs, abi, trusted);
			s->stack = stack_pointer(regs, trusted);
			return capture_entry(slot, capture);
		}
		count_loss(RASTRO_LOST_ENTRY);
	}
	stash->entry_ns = bpf_ktime_get_ns();
	return 0;
}

/*
 * What the ops read at entry, and the arguments of then where the registers have lost them, back into a
 * scratch. Other registers than at entry are another call's, whose entry was missed.
 */
static __always_inline void restore_kept(struct scratch *s, u32 kept, u32 capture)
{
	struct area *area;
	u64 bytes;
	u32 i;

	if (!kept)
		return;
	area = bpf_task_storage_get(&areas, bpf_get_current_task_btf(), NULL, 0);
	if (!area)
		return;
	if (capture & RASTRO_CAPTURE_ARGS_AT_ENTRY)
		__builtin_memcpy(s->call.args, area->args, sizeof(area->args));
	for (i = 0; i < RASTRO_ARGS; i++) {
		if (s->call.args[i] != area->args[i]) {
			s->late = LATE_ALL;
			return;
		}
	}
	__builtin_memcpy(s->segment_at, area->segment_at, sizeof(area->segment_at));
	bytes = kept - 1;
	CLAMP(bytes, AREA_BYTES);
	bpf_probe_read_kernel(s->payload, bytes, area->payload);
	s->used = bytes;
}

/* Whether somebody has to know which file it is whose data stand in the scratch. */
static __always_inline bool brings_file_data(struct scratch *s, u32 capture)
{
	return (capture & RASTRO_CAPTURE_FILE_DATA) && control.tail_names && s->used;
}

static __always_inline bool is_described(struct scratch *s)
{
	return s->call.head.sessions & control.descriptors;
}

/* The record's head and arguments are in the scratch of this phase, that of a return: reads the rest. */
static __always_inline void read_rest(struct scratch *s, u32 phase, u32 slot, u32 capture, u32 late,
				      u32 kept)
{
	if (!kept && !is_described(s) && put_only_segment(s, slot)) {
		if (brings_file_data(s, capture))
			put_tail(phase);
		return;
	}
	s->used = 0;
	s->control_at = 0;
	s->iovecs_at = 0;
	s->least = 0;
	s->late = late;
	s->keep_faults = 0;
	__builtin_memset(s->segment_at, 0, sizeof(s->segment_at));
	restore_kept(s, kept, capture);
	/* After a successful execve the memory is another program's. */
	if ((capture & RASTRO_CAPTURE_ENTER_RECORD) && !is_error(s->call.result))
		s->late = 0;
	s->kept = s->used;
	run_ops(s, phase, slot);
	if ((capture & RASTRO_CAPTURE_NETLINK) && may_be_netlink(s, slot) && is_netlink(s->call.args[0])) {
		s->used = s->kept;
		s->least = RASTRO_SEGMENT_BYTES;
		run_ops(s, phase, slot);
		describe(phase, 0, s->call.args[0]);
	}
	if (brings_file_data(s, capture))
		put_tail(phase);
	if (is_described(s))
		describe_call(s, phase, slot);
}

#include "unread.bpf.h"

/*
 * The record's head and arguments are in the exit scratch: reads the rest and emits it. Returns 1, and does
 * not emit it, where what is lacking can be read later.
 */
__noinline int capture_exit(u32 slot, u32 capture, u32 late, u32 kept)
{
	struct scratch *s = scratch_of(PHASE_EXIT);

	if (!s)
		return 0;
	begin_reading(s, 0);
	read_rest(s, PHASE_EXIT, slot, capture, late, kept);
	if (is_lacking(s))
		return 1;
	emit_scratch(s);
	return 0;
}

/* For a call whose entry was not seen, or not wanted then. */
static __always_inline void begin_at_exit(struct stash *stash, struct task_struct *task,
					  struct pt_regs *regs, const bool trusted)
{
	stash->nr = number_at_exit(regs, trusted);
	stash->abi = abi_of(task, stash->nr);
	stash->slot = slot_of(stash->nr, stash->abi);
	stash->entry_ns = 0;
	stash->kept = 0;
	stash->late = LATE_ALL;
	stash->flags = 0;
}

/* libbpf fills it in; to the verifier it is a constant, and what hangs on it costs nothing elsewhere. */
extern int LINUX_KERNEL_VERSION __kconfig;

#define PREEMPTING_VERSION ((7 << 16) + (2 << 8))	/* see sys_enter_classic */

/*
 * Whether what the entry left is not this call's: the kernel may skip an exit and the entry after it. A
 * return from a signal's handler has no number any more.
 */
static __always_inline bool is_of_other_call(struct stash *stash, struct pt_regs *regs, const bool trusted)
{
	u32 number;

	if (LINUX_KERNEL_VERSION < PREEMPTING_VERSION)
		return false;
	number = number_at_exit(regs, trusted);
	return number != stash->nr && (s32)number >= 0;
}

/*
 * The sessions that want this call, now that it returns. After a change of sessions the stash is not
 * believed: a bit in it may belong to a session that is no more, and be another's by now.
 */
static __always_inline u64 sessions_at_exit(struct stash *stash, struct task_struct *task,
					    struct pt_regs *regs, const bool trusted)
{
	bool seen = (stash->flags & STASH_ENTERED) && !is_of_other_call(stash, regs, trusted);
	bool changed = refresh(stash, task);

	stash->flags &= ~STASH_ENTERED;
	if (seen && !changed)
		return stash->call;
	if (!stash->wanted)
		return 0;
	if (!seen || !stash->call)
		begin_at_exit(stash, task, regs, trusted);
	return stash->wanted & slot_sessions(stash->slot);
}

/*
 * Whether a task that leaves a call with this result does so to die. A signal that kills the process is
 * delivered to one task and seen as the call's end there; the others are just taken away.
 */
static __always_inline bool is_killed(struct task_struct *task, s64 result, u64 pid_tgid)
{
	struct signal_struct *signal;
	u32 cause;

	if (result >= 0)
		return false;
	if (result != -EINTR && (result > -ERESTARTSYS || result < -ERESTART_RESTARTBLOCK))
		return false;
	signal = task->signal;
	if (!(signal->flags & SIGNAL_GROUP_EXIT))
		return false;
	cause = signal->group_exit_code & WAIT_SIGNAL_MASK;
	return !cause || cause == SIGKILL || (u32)pid_tgid != pid_tgid >> 32;
}

/* Tells each session which of its filters took a call away. Not static: up to 64 turns for each filter. */
__noinline int count_filtered(u64 sessions, u32 filter)
{
	u32 cpu = bpf_get_smp_processor_id(), bit;
	struct filtered_calls *calls = bpf_map_lookup_elem(&filtered, &cpu);

	if (!calls || filter >= RASTRO_FILTERS)
		return 0;
	for (bit = 0; bit < RASTRO_SESSIONS; bit++) {
		if (!(sessions >> bit))
			break;
		if ((sessions >> bit) & 1)
			calls->count[filter][bit]++;
	}
	return 0;
}

/* Of the sessions with a minimum duration those that this one falls short of. Not static: as above. */
__noinline u64 too_fast(u64 sessions, u64 duration_ns)
{
	u64 fast = 0;
	u32 bit;

	for (bit = 0; bit < RASTRO_SESSIONS; bit++) {
		if (!(sessions >> bit))
			break;
		if (((sessions >> bit) & 1) && duration_ns < control.min_duration_ns[bit])
			fast |= 1ULL << bit;
	}
	return fast;
}

/* What remains of the sessions once their filters have seen how the call ended. */
static __always_inline u64 filter_at_exit(u64 sessions, struct stash *stash, s64 result, u64 now_ns)
{
	bool error = is_error(result);
	u64 refused;

	if (!(sessions & outcome_matters()))
		return sessions;
	refused = sessions & (error ? control.success_only : control.failed_only);
	if (refused) {
		count_filtered(refused, RASTRO_FILTER_OUTCOME);
		sessions &= ~refused;
	}
	refused = sessions & control.some_errors;
	if (refused) {
		if (error)
			refused &= ~control.errno_sessions[-result & (RASTRO_ERRNOS - 1)];
		if (refused)
			count_filtered(refused, RASTRO_FILTER_ERRNO);
		sessions &= ~refused;
	}
	/* A call whose entry was not seen has lasted for longer than we have watched. */
	refused = sessions & control.slow_only;
	if (refused && stash->entry_ns) {
		refused = too_fast(refused, now_ns - stash->entry_ns);
		if (refused)
			count_filtered(refused, RASTRO_FILTER_DURATION);
		sessions &= ~refused;
	}
	return sessions;
}

static __always_inline int on_exit(struct pt_regs *regs, s64 result, const bool trusted)
{
	u64 pid_tgid = bpf_get_current_pid_tgid(), sessions, now_ns, duration_ns;
	struct rastro_call *call;
	struct stash *stash;
	struct scratch *s;
	struct task_struct *task;
	u16 flags = 0;
	u16 capture;

	if (!may_be_wanted(pid_tgid >> 32))
		return 0;
	task = bpf_get_current_task_btf();
	stash = current_stash(task);
	if (!stash) {
		count_loss(RASTRO_LOST_STORAGE);
		return 0;
	}
	sessions = sessions_at_exit(stash, task, regs, trusted);
	if (!sessions)
		return 0;
	capture = capture_flags(stash->slot);
	if ((capture & RASTRO_CAPTURE_FORKS) && !result)
		return 0;
	/* The execve by which a task came to be wanted: what it was given is gone, the exec's record tells. */
	if ((capture & RASTRO_CAPTURE_ENTER_RECORD) && !result && !stash->entry_ns)
		return 0;
	now_ns = bpf_ktime_get_ns();
	sessions = filter_at_exit(sessions, stash, result, now_ns);
	if (!sessions)
		return 0;
	if (sessions & control.counting) {
		count_call(stash, pid_tgid >> 32, result, now_ns);
		if (capture & RASTRO_CAPTURE_KIND)
			count_kind(stash, pid_tgid >> 32, capture & RASTRO_CAPTURE_KIND, result,
				   first_argument(regs, trusted));
	}
	sessions &= control.streaming;
	if (!sessions)
		return 0;

	if (!stash->entry_ns) {
		stash->entry_ns = now_ns;
		flags |= RASTRO_NO_DURATION;
	}
	duration_ns = now_ns - stash->entry_ns;
	if (stash->flags & STASH_SENT_ENTER)
		flags |= RASTRO_HAS_ENTER;
	if (stash->flags & STASH_TOLD_BLOCKED)
		flags |= RASTRO_TOLD_BLOCKED;
	if (is_killed(task, result, pid_tgid))
		flags |= RASTRO_KILLED;
	if ((capture & RASTRO_CAPTURE_EXIT) || stash->kept ||
	    ((capture & RASTRO_CAPTURE_ENTRY) && stash->late) || (sessions & control.descriptors)) {
		s = scratch_of(PHASE_EXIT);
		if (s) {
			fill_head(&s->call.head, stash, pid_tgid, sessions, RASTRO_CALL, flags);
			s->call.result = result;
			s->call.duration_ns = duration_ns;
			load_arguments(s->call.args, regs, stash->abi, trusted);
			s->stack = stack_pointer(regs, trusted);
			if (capture_exit(stash->slot, capture, stash->late, stash->kept))
				return finish_later(s, stash, capture);
			return 0;
		}
		count_loss(RASTRO_LOST_ENTRY);
	}
	call = RESERVE(struct rastro_call, sessions);
	if (!call)
		return 0;
	fill_head(&call->head, stash, pid_tgid, sessions, RASTRO_CALL, flags);
	call->result = result;
	call->duration_ns = duration_ns;
	load_arguments(call->args, regs, stash->abi, trusted);
	emit(call);
	return 0;
}

SEC("tp_btf/sys_enter")
int sys_enter_btf(u64 *ctx)
{
	return on_enter((struct pt_regs *)ctx[0], ctx[1], true);
}

SEC("tp_btf/sys_exit")
int sys_exit_btf(u64 *ctx)
{
	return on_exit((struct pt_regs *)ctx[0], ctx[1], true);
}

/*
 * From 7.2 on the programs above can be preempted, and then miss the calls of other tasks on their CPU;
 * a classic tracepoint's cannot. It costs more, and needs CAP_SYS_ADMIN where perf_event_paranoid is
 * above 2; hence the question mark: libbpf leaves these two out unless told otherwise.
 */
SEC("?tp/raw_syscalls/sys_enter")
int sys_enter_classic(struct syscall_tracepoint *ctx)
{
	return on_enter((void *)bpf_task_pt_regs(bpf_get_current_task_btf()), ctx->nr, true);
}

SEC("?tp/raw_syscalls/sys_exit")
int sys_exit_classic(struct syscall_tracepoint *ctx)
{
	return on_exit((void *)bpf_task_pt_regs(bpf_get_current_task_btf()), ctx->result, true);
}

SEC("raw_tp/sys_enter")
int sys_enter_raw(u64 *ctx)
{
	return on_enter((struct pt_regs *)ctx[0], ctx[1], false);
}

SEC("raw_tp/sys_exit")
int sys_exit_raw(u64 *ctx)
{
	return on_exit((struct pt_regs *)ctx[0], ctx[1], false);
}

#include "blocked.bpf.h"
