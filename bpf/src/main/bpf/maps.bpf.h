/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * maps.bpf.h - everything that the programs remember, and the count of what they had to drop.
 */
#ifndef RASTRO_MAPS_BPF_H
#define RASTRO_MAPS_BPF_H

/* The sizes are defaults; user space may set others before it loads the object. */
#define RING_BYTES (64 << 10)
#define PROCESSES_MAX 32768
#define THREADS_MAX 32768
#define COUNTERS_MAX 32768
#define ERRORS_MAX 32768
#define RULES_MAX 16384

/* With the storage element's own head this stays within one 4 KiB allocation. */
#define AREA_BYTES 3840

/* A read may start at the last byte of the payload: the verifier must see room for all of it. */
#define PAYLOAD_SLACK (RASTRO_SEGMENT_BYTES + 64)

enum phase {
	PHASE_ENTRY = 0,
	PHASE_EXIT = 1,
	PHASE_BLOCKED = 2,
	PHASES = 3,
};

enum stash_flag {
	STASH_ENTERED = 1 << 0,		/* sys_enter was seen, and its sys_exit not yet */
	STASH_SENT_ENTER = 1 << 1,	/* a RASTRO_CALL_ENTER went into the ring */
	STASH_TOLD_BLOCKED = 1 << 2,	/* a RASTRO_CALL_BLOCKED went into the ring */
};

#define LATE_ALL ((1 << RASTRO_OPS) - 1)

/* What one task's current call needs at exit, and which sessions want the task. */
struct stash {
	u64 wanted;		/* sessions that want this task, as of the epoch */
	u64 pending;		/* sessions that will want it from its next execve on, as of the epoch */
	u64 call;		/* sessions that want the current call */
	u64 entry_ns;		/* 0: not known */
	u64 start_ns;		/* of the process */
	u64 counter_retry_ns;	/* the counter map was full: no new key before that */
	u32 epoch_next;		/* control.epoch + 1 when wanted was worked out; zeroed storage is stale */
	u32 nr;
	u16 slot;
	u16 kept;		/* 1 + bytes of segments that wait in the area; 0: nothing there */
	u8 abi;
	u16 late;		/* bit per op at entry that must be read at exit */
	u8 flags;
	u8 accepted;		/* it has taken a connection since it last polled */
	u8 undumpable;		/* see is_dumpable, when wanted was worked out */
	u32 exec_id;		/* the task's when wanted was worked out: another after each exec */
};

/* Entry bytes that wait for the exit; made on need, then kept for the task's life. */
struct area {
	u64 args[RASTRO_ARGS];
	u32 segment_at[RASTRO_OPS];
	u8 payload[AREA_BYTES];
};

/*
 * Where a record is put together. All state of the reading loops lives here and not in registers:
 * what the verifier reloads from a map is unknown to it, so that one pass through a loop looks like
 * the next. "call" and "payload" are one record and must touch.
 */
struct scratch {
	u64 stack;		/* user stack pointer */
	u32 used;		/* bytes of payload, a multiple of 8 */
	u32 kept;		/* of that what was kept from the entry */
	u32 count;		/* of pointers found */
	u32 strings_at;		/* payload offset of the array being walked, one for each level */
	u32 iovecs_at;
	u32 messages_at;
	u32 late;		/* as in struct stash */
	u32 keep_faults;	/* at entry: keep what could be read, there may be no second chance */
	u64 dentry;		/* where the walk to a file's root stands */
	u64 mount;
	u32 names_at;		/* payload offset of the next name */
	u32 control_at;		/* payload offset of a msghdr's control messages; 0: none */
	u32 least;		/* bytes that a segment may have, whatever its op says */
	u8 op;			/* running now: what the segments say */
	u8 arg;
	u8 status;
	u8 pad[1];
	u32 segment_at[RASTRO_OPS];	/* 1 + payload offset of each op's own segment; 0: none */
#ifdef RASTRO_PAGE_IN
	u64 lacking;		/* an address that could not be read; 0: none */
	u32 lacks;		/* how many there were */
	u32 hopeless;		/* of these, the first that are not to be noted */
#endif
	struct rastro_call call;
	u8 payload[RASTRO_PAYLOAD_BYTES + PAYLOAD_SLACK];
};

_Static_assert((RASTRO_SYSCALL_SLOTS & (RASTRO_SYSCALL_SLOTS - 1)) == 0, "slots index by mask");
_Static_assert((RASTRO_OPS & (RASTRO_OPS - 1)) == 0, "ops index by mask");
_Static_assert((RASTRO_GATE_WORDS & (RASTRO_GATE_WORDS - 1)) == 0, "the gate indexes by mask");
_Static_assert((RASTRO_ERRNOS & (RASTRO_ERRNOS - 1)) == 0, "errors index by mask");
_Static_assert(RASTRO_OPS <= 16, "u16 late holds a bit for each op");
_Static_assert(sizeof(struct rastro_head) == 32, "layout");
_Static_assert(sizeof(struct rastro_call) == 96, "layout");
_Static_assert(sizeof(struct rastro_segment) == 24, "layout");
_Static_assert(sizeof(struct rastro_op) == 16, "layout");
_Static_assert(sizeof(struct rastro_place) == 4, "layout");
_Static_assert(sizeof(struct rastro_descriptor) == 80, "layout");
_Static_assert(__builtin_offsetof(struct scratch, payload) ==
	       __builtin_offsetof(struct scratch, call) + sizeof(struct rastro_call),
	       "a record is output in one piece");
_Static_assert(RASTRO_SEGMENT_BYTES < 65528, "0xfff8 rounds a segment's length");

struct rastro_control control;

/*
 * A ring for each processor, so that those who write at the same time do not wait for each other. User
 * space makes the rings and enters one for each possible CPU; several may share one.
 */
struct ring_of_cpu {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, RING_BYTES);
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY_OF_MAPS);
	__uint(max_entries, 1);
	__type(key, u32);
	__array(values, struct ring_of_cpu);
} rings SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, RASTRO_SYSCALL_SLOTS);
	__type(key, u32);
	__type(value, struct rastro_plan);
} plans SEC(".maps");

struct gate_words {
	u64 words[RASTRO_GATE_WORDS];
};

/* A map of its own, as user space maps it; a variable, as its words are then reached without a lookup. */
struct gate_words gate SEC(".bss.gate");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, PROCESSES_MAX);
	__type(key, u32);
	__type(value, struct rastro_target);
} processes SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, THREADS_MAX);
	__type(key, u32);
	__type(value, struct rastro_target);
} threads SEC(".maps");

/* Entries are made on need: 32768 of them for every CPU in advance would be 20 MB each. */
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_HASH);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__uint(max_entries, COUNTERS_MAX);
	__type(key, struct rastro_counter_key);
	__type(value, struct rastro_counter);
} counters SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, ERRORS_MAX);
	__type(key, struct rastro_error_key);
	__type(value, u64);
} errors SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__uint(max_entries, RULES_MAX);
	__type(key, struct rastro_rule);
	__type(value, u64);
} rules SEC(".maps");

struct filtered_calls {
	u64 count[RASTRO_FILTERS][RASTRO_SESSIONS];
};

/*
 * One entry for each possible CPU: user space must set max_entries. Mapped, as a real per-CPU array cannot
 * be: it is read ten times a second, and a task that is preempted in the middle of a lookup by bpf(2) makes
 * the kernel skip the classic tracepoints' programs on its CPU.
 */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__type(key, u32);
	__type(value, struct filtered_calls);
} filtered SEC(".maps");

/*
 * PHASES entries for each possible CPU: user space must set max_entries, and the kernel refuses an array
 * of none. A real per-CPU array cannot hold entries this large (32 KiB). Entry, exit and sleep have one
 * each: where syscall programs can be preempted, one may run in the middle of the other. They share one
 * map because a lookup is compiled to a few instructions only where the map is a constant.
 */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__type(key, u32);
	__type(value, struct scratch);
} scratches SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_TASK_STORAGE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, int);
	__type(value, struct stash);
} stashes SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_TASK_STORAGE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, int);
	__type(value, struct area);
} areas SEC(".maps");

/*
 * Verifiers up to 6.1 do not carry a bound from the register that was compared to its copies, and
 * clang compares copies: "R2 unbounded memory access, use 'var &= const' or 'if (var < const)'".
 * So compare and write the very register that is used next. It also holds where clang knows a bound
 * and leaves out the mask that would tell the verifier: "R4 max value is outside of the allowed memory
 * range".
 */
#define CLAMP(value, maximum)                                                                      \
	asm volatile("if %0 <= %1 goto +1; %0 = %1" : "+r"(value) : "i"(maximum))

static __always_inline struct scratch *scratch_of(u32 phase)
{
	u32 index = bpf_get_smp_processor_id() * PHASES + phase;

	return bpf_map_lookup_elem(&scratches, &index);
}

static __always_inline void count_loss(enum rastro_loss cause)
{
	__sync_fetch_and_add(&control.lost[cause], 1);
}

#endif /* RASTRO_MAPS_BPF_H */
