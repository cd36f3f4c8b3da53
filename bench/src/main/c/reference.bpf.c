// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * reference.bpf.c - the yardstick: what a program in C for one purpose costs on this kernel.
 *
 * No sessions, no plan, no filters, one architecture: the time in task storage at entry, one record of
 * 96 bytes at exit, with 128 bytes of the buffer or path in one variant, sums in another, and one with a
 * ring for each processor.
 */
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <asm/unistd.h>
#include "reference.h"

char LICENSE[] SEC("license") = "Dual BSD/GPL";

struct reference_control control;

struct stash {
	u64 entry_ns;
};

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 8 << 20);
} ring SEC(".maps");

#define ARRAY_OF_MAPS 12	/* enum bpf_map_type; the hand-kept vmlinux.h names what the capture program has */

struct ring_of_cpu {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, CPU_RING_BYTES);
};

struct {
	__uint(type, ARRAY_OF_MAPS);
	__uint(max_entries, CPUS_MAX);
	__type(key, u32);
	__array(values, struct ring_of_cpu);
} rings SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_TASK_STORAGE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, int);
	__type(value, struct stash);
} stashes SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_HASH);
	__uint(max_entries, 16384);
	__type(key, struct reference_counter_key);
	__type(value, struct reference_counter);
} counters SEC(".maps");

static const struct reference_counter zero_counter;

#if defined(__x86_64__)
#define registers struct pt_regs___x86
#define NUMBER(regs) ((regs)->orig_ax)
static __always_inline void load_arguments(u64 *args, registers *regs)
{
	args[0] = regs->di;
	args[1] = regs->si;
	args[2] = regs->dx;
	args[3] = regs->r10;
	args[4] = regs->r8;
	args[5] = regs->r9;
}
#elif defined(__aarch64__)
#define registers struct pt_regs___arm64
#define NUMBER(regs) ((regs)->syscallno)
static __always_inline void load_arguments(u64 *args, registers *regs)
{
	args[0] = regs->orig_x0;
	args[1] = regs->regs[1];
	args[2] = regs->regs[2];
	args[3] = regs->regs[3];
	args[4] = regs->regs[4];
	args[5] = regs->regs[5];
}
#else
#error "the yardstick knows x86_64 and aarch64"
#endif

static __always_inline bool is_wanted(u32 tgid)
{
	return (control.gate[(tgid >> 6) & (GATE_WORDS - 1)] >> (tgid & 63)) & 1;
}

static __always_inline struct stash *stash_of_task(u64 flags)
{
	return bpf_task_storage_get(&stashes, bpf_get_current_task_btf(), NULL, flags);
}

static __always_inline void fill(struct reference_call *call, struct stash *stash, u64 nanos,
				 registers *regs, s64 result)
{
	u64 pid_tgid = bpf_get_current_pid_tgid();

	call->time_ns = stash->entry_ns;
	call->duration_ns = nanos;
	call->result = result;
	call->tgid = pid_tgid >> 32;
	call->tid = pid_tgid;
	call->nr = NUMBER(regs);
	call->bytes = 0;
	call->address = 0;
	load_arguments(call->args, regs);
}

SEC("?tp_btf/sys_enter")
int enter_empty(u64 *ctx)
{
	return 0;
}

SEC("?tp_btf/sys_exit")
int exit_empty(u64 *ctx)
{
	return 0;
}

SEC("?tp_btf/sys_enter")
int enter_time(u64 *ctx)
{
	struct stash *stash;

	if (!is_wanted(bpf_get_current_pid_tgid() >> 32))
		return 0;
	stash = stash_of_task(BPF_LOCAL_STORAGE_GET_F_CREATE);
	if (stash)
		stash->entry_ns = bpf_ktime_get_ns();
	return 0;
}

static __always_inline int emit_call(void *into, struct stash *stash, u64 nanos, registers *regs,
				     s64 result)
{
	struct reference_call *call;

	call = bpf_ringbuf_reserve(into, sizeof(*call), 0);
	if (!call) {
		__sync_fetch_and_add(&control.lost, 1);
		return 0;
	}
	fill(call, stash, nanos, regs, result);
	bpf_ringbuf_submit(call, BPF_RB_NO_WAKEUP);
	return 0;
}

static __always_inline int emit_bytes(struct stash *stash, u64 nanos, registers *regs, s64 result,
				      u32 nr)
{
	struct reference_call_bytes *record;
	s64 length = result;

	record = bpf_ringbuf_reserve(&ring, sizeof(*record), 0);
	if (!record) {
		__sync_fetch_and_add(&control.lost, 1);
		return 0;
	}
	fill(&record->call, stash, nanos, regs, result);
	record->call.address = record->call.args[1];
	if (nr == __NR_fstat)
		length = BYTES_MAX;
	if (nr == __NR_openat) {
		length = bpf_probe_read_user_str(record->bytes, BYTES_MAX,
						 (void *)record->call.address);
	} else {
		if (length < 0)
			length = 0;
		if (length > BYTES_MAX)
			length = BYTES_MAX;
		if (bpf_probe_read_user(record->bytes, length, (void *)record->call.address))
			length = 0;
	}
	record->call.bytes = length < 0 ? 0 : length;
	bpf_ringbuf_submit(record, BPF_RB_NO_WAKEUP);
	return 0;
}

static __always_inline u32 bucket_of(u64 nanos)
{
	u32 bucket = 0;

	if (nanos >> 16) {
		nanos >>= 16;
		bucket += 16;
	}
	if (nanos >> 8) {
		nanos >>= 8;
		bucket += 8;
	}
	if (nanos >> 4) {
		nanos >>= 4;
		bucket += 4;
	}
	if (nanos >> 2) {
		nanos >>= 2;
		bucket += 2;
	}
	if (nanos >> 1)
		bucket++;
	return bucket & (BUCKETS - 1);
}

static __always_inline void count(u64 nanos, registers *regs, s64 result)
{
	struct reference_counter_key key = {};
	struct reference_counter *counter;

	key.tgid = bpf_get_current_pid_tgid() >> 32;
	key.nr = NUMBER(regs);
	counter = bpf_map_lookup_elem(&counters, &key);
	if (!counter) {
		bpf_map_update_elem(&counters, &key, &zero_counter, BPF_NOEXIST);
		counter = bpf_map_lookup_elem(&counters, &key);
		if (!counter)
			return;
	}
	counter->calls++;
	if (result < 0)
		counter->errors++;
	counter->total_ns += nanos;
	counter->histogram[bucket_of(nanos)]++;
}

/* What each variant does at exit; all but the empty one stop where nobody is wanted. */
static __always_inline int on_exit(u64 *ctx, bool counts, bool streams, bool reads)
{
	registers *regs = (registers *)ctx[0];
	s64 result = ctx[1];
	struct stash *stash;
	u64 nanos;
	u32 nr;

	if (!is_wanted(bpf_get_current_pid_tgid() >> 32))
		return 0;
	stash = stash_of_task(0);
	if (!stash)
		return 0;
	nanos = bpf_ktime_get_ns() - stash->entry_ns;
	if (counts)
		count(nanos, regs, result);
	if (!streams)
		return 0;
	nr = NUMBER(regs);
	if (reads && (nr == __NR_read || nr == __NR_write || nr == __NR_openat || nr == __NR_fstat))
		return emit_bytes(stash, nanos, regs, result, nr);
	return emit_call(&ring, stash, nanos, regs, result);
}

SEC("?tp_btf/sys_exit")
int exit_call(u64 *ctx)
{
	return on_exit(ctx, false, true, false);
}

SEC("?tp_btf/sys_exit")
int exit_call_count(u64 *ctx)
{
	return on_exit(ctx, true, true, false);
}

SEC("?tp_btf/sys_exit")
int exit_bytes(u64 *ctx)
{
	return on_exit(ctx, false, true, true);
}

SEC("?tp_btf/sys_exit")
int exit_bytes_count(u64 *ctx)
{
	return on_exit(ctx, true, true, true);
}

SEC("?tp_btf/sys_exit")
int exit_count(u64 *ctx)
{
	return on_exit(ctx, true, false, false);
}

SEC("?tp_btf/sys_exit")
int exit_call_cpu(u64 *ctx)
{
	u32 cpu = bpf_get_smp_processor_id();
	struct stash *stash;
	void *own;

	if (!is_wanted(bpf_get_current_pid_tgid() >> 32))
		return 0;
	stash = stash_of_task(0);
	own = bpf_map_lookup_elem(&rings, &cpu);
	if (!stash || !own)
		return 0;
	return emit_call(own, stash, bpf_ktime_get_ns() - stash->entry_ns, (registers *)ctx[0], ctx[1]);
}
