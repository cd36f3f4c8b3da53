/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * record.h - the one contract between the capture program and user space.
 *
 * Everything that crosses the ring, the control page or a map is laid out here. A test reads these
 * layouts and enums from the object's BTF and compares them with dev.rastro.syscalls.record and
 * dev.rastro.syscalls.plan; nothing here is typed again by hand without that check.
 *
 * A record is a snapshot: the registers of one call and the pieces of user memory ("segments") that
 * the capture plan asked for, each with its address. The decoder follows pointers by looking their
 * address up among the segments, so a new struct or a nested pointer needs no new record format.
 */
#ifndef RASTRO_RECORD_H
#define RASTRO_RECORD_H

enum rastro_limit {
	RASTRO_SYSCALL_SLOTS = 512,	/* a power of two: syscall numbers index arrays by mask */
	RASTRO_SLOT_UNKNOWN = 510,	/* a native number that is past the table */
	RASTRO_SLOT_FOREIGN = 511,	/* any call of a foreign ABI (32-bit compat, x32) */
	RASTRO_SESSIONS = 64,		/* one bit each */
	RASTRO_ARGS = 6,
	RASTRO_BASE_STACK = 6,		/* rastro_op.base: the user stack pointer */
	RASTRO_BASE_SEGMENT = 8,	/* rastro_op.base: 8 + i, pointer inside the segment of op i */
	RASTRO_COMMAND_ARG = 1,		/* of ioctl, by which an op may be chosen */
	RASTRO_OPS = 16,			/* capture operations per syscall */
	RASTRO_IOVECS = 64,
	RASTRO_STRINGS = 256,		/* of one argv or envp */
	RASTRO_MESSAGES = 16,		/* of one sendmmsg or recvmmsg; control blocks of one io_submit */
	RASTRO_PATH_BYTES = 4096,
	RASTRO_SEGMENT_BYTES = 32768,
	RASTRO_PAYLOAD_BYTES = 65536,	/* all segments of one record with their heads */
	RASTRO_HISTOGRAM_BUCKETS = 128,	/* four to each power of two, from 2^5 ns */
	RASTRO_SIGNALS = 65,
	RASTRO_COMM_BYTES = 16,
	RASTRO_SIGINFO_BYTES = 48,
	RASTRO_FILENAME_BYTES = 256,
	RASTRO_ARGUMENT_BYTES = 256,	/* of the strings that a program was started with */
	RASTRO_NAME_BYTES = 128,	/* of one msghdr's socket address */
	RASTRO_CONTROL_BYTES = 1024,	/* of one msghdr's control messages */
	RASTRO_NAMES = 64,		/* of one descriptor's path */
	RASTRO_TAIL_NAMES = 8,		/* of a RASTRO_TAIL */
	RASTRO_DESCRIPTORS = 32,	/* that are told of one array */
	RASTRO_PLACES = 12,		/* in memory where one call has descriptors */
	RASTRO_CONTROLS = 4,		/* control messages of a msghdr that are looked at for descriptors */
	RASTRO_GATE_WORDS = 65536,	/* map "gate": one bit for each of 4 Mi process ids */
	RASTRO_ERRNOS = 1024,		/* a power of two: errno numbers index an array by mask */
	RASTRO_CGROUP_LEVELS = 32,	/* of a task's cgroup, from the innermost, that rules are looked up for */
};

enum rastro_record_kind {
	RASTRO_CALL = 1,		/* struct rastro_call: a call that has returned, or never will */
	RASTRO_CALL_ENTER = 2,		/* struct rastro_call: what must be read at entry (execve); its
					   RASTRO_CALL follows with RASTRO_HAS_ENTER */
	RASTRO_FORK = 3,
	RASTRO_EXEC = 4,
	RASTRO_EXIT = 5,
	RASTRO_SIGNAL_GENERATE = 6,	/* only signals that the target ignores: no deliver follows */
	RASTRO_SIGNAL_DELIVER = 7,
	RASTRO_CALL_BLOCKED = 8,	/* struct rastro_call: the task sleeps inside this call; no result. At
					   most one a call, whose RASTRO_CALL follows as if there were none */
};

enum rastro_abi {
	RASTRO_ABI_NATIVE = 0,
	RASTRO_ABI_COMPAT32 = 1,	/* i386 on x86_64, arm on aarch64 */
	RASTRO_ABI_X32 = 2,
};

enum rastro_record_flag {
	RASTRO_NO_DURATION = 1 << 0,	/* entry was not seen (began before attach, or refused by seccomp) */
	RASTRO_HAS_ENTER = 1 << 1,	/* a RASTRO_CALL_ENTER came before, with the same tid, or with the
					   old_tid of the RASTRO_EXEC between them */
	RASTRO_NO_RETURN = 1 << 2,	/* emitted at entry, the call never returns (exit_group) */
	RASTRO_PAYLOAD_FULL = 1 << 3,	/* segments are missing: RASTRO_PAYLOAD_BYTES reached */
	RASTRO_TOLD_BLOCKED = 1 << 4,	/* a RASTRO_CALL_BLOCKED went into the ring before; perhaps not to
					   each session, and it may be lost: wait for nothing */
	RASTRO_KILLED = 1 << 5,		/* the call was broken off because its task dies: nobody ever sees
					   the result */
	RASTRO_REDACTED = 1 << 6,	/* the daemon took pieces of memory away: not for these eyes */
	RASTRO_REDUCED = 1 << 7,	/* the daemon took pieces of memory away: the stream was overloaded */
	RASTRO_TAIL_TOLD = 1 << 8,	/* if the file whose data the call moves has a path, the daemon was told
					   its tail */
};

/* Who made the record: 32 bytes before every kind. Times are CLOCK_MONOTONIC nanoseconds. */
struct rastro_head {
	__u64 sessions;		/* bit mask: who wants it */
	__u64 time_ns;		/* of entry for calls, else of the event */
	__u32 tgid;
	__u32 tid;
	__u32 nr;		/* syscall number as the task gave it; signal number for signals */
	__u8 kind;		/* enum rastro_record_kind */
	__u8 abi;		/* enum rastro_abi */
	__u16 flags;		/* enum rastro_record_flag */
};

/* One call: 96 bytes, then segments up to the end of the record. */
struct rastro_call {
	struct rastro_head head;
	__s64 result;
	__u64 duration_ns;
	__u64 args[RASTRO_ARGS];
};

enum rastro_segment_status {
	RASTRO_TRUNCATED = 1 << 0,	/* the limit cut it: wanted > length */
	RASTRO_FAULT = 1 << 1,		/* user memory past length could not be read */
	RASTRO_AT_ENTRY = 1 << 2,	/* bytes are from entry (else from exit) */
	RASTRO_LATE = 1 << 3,		/* was due at entry, not resident there, read at exit */
	RASTRO_CUT_SECRET = 1 << 4,	/* the daemon took what follows the length away */
};

enum rastro_segment_kind {
	RASTRO_BYTES = 1,		/* memory as it is */
	RASTRO_STRING = 2,		/* up to a NUL that is not included; wanted is 0 when unknown */
	RASTRO_POINTERS = 3,		/* pointer array up to a NULL that is not included */
	RASTRO_DESCRIPTOR = 4,		/* no memory: struct rastro_descriptor; the descriptor is the
					   segment's address, sign-extended */
	RASTRO_TAIL = 5,		/* no memory, and for the daemon alone, which takes it away: the last
					   names in the path of the file whose data the call moves, from the
					   last, each with its NUL */
};

/* What stands behind an open descriptor: how the kernel would write the link /proc/PID/fd/N. */
enum rastro_file_form {
	RASTRO_FORM_PATH = 0,		/* names, from the last to the first, each with its NUL */
	RASTRO_FORM_PIPE = 1,
	RASTRO_FORM_SOCKET = 2,		/* name: of the protocol, as TCPv6; then sun_path of a unix
					   socket, without a NUL of its own */
	RASTRO_FORM_NAMESPACE = 3,	/* name: its type */
	RASTRO_FORM_ANONYMOUS = 4,	/* name: as [eventpoll] */
	RASTRO_FORM_PIDFD = 5,
	RASTRO_FORM_NAMELESS = 6,	/* a file that was never in a folder; name: as memfd:x */
};

enum rastro_file_flag {
	RASTRO_FILE_DELETED = 1 << 0,
	RASTRO_FILE_CUT = 1 << 1,	/* first names are missing: deeper than RASTRO_NAMES */
	RASTRO_FILE_BOUND = 1 << 2,	/* a netlink socket that has a port or listens to groups */
};

/* Data of a RASTRO_DESCRIPTOR segment: 80 bytes, then the names. */
struct rastro_descriptor {
	__u64 inode;
	__u64 peer;		/* inode of the socket that a unix socket is connected to; 0: none */
	__u32 mode;		/* as st_mode */
	__u32 device;		/* of a device file: major << 20 | minor */
	__u32 id;		/* pid that a pidfd names; port of a netlink socket */
	__u16 protocol;
	__u16 family;		/* this and what follows: sockets */
	__u16 type;
	__u16 state;		/* of TCP's states */
	__u16 local_port;
	__u16 remote_port;
	__u8 local[16];		/* address in network order; IPv4 takes the first four bytes */
	__u8 remote[16];
	__u8 form;		/* enum rastro_file_form */
	__u8 flags;		/* enum rastro_file_flag */
	__u16 name_bytes;
	__u32 reserved;
};

/* A piece of user memory: 24 bytes, then length bytes, padded with zeros to 8. */
struct rastro_segment {
	__u64 address;		/* where it lay in the task's memory */
	__u64 wanted;		/* bytes that the plan asked for before any limit */
	__u32 length;		/* bytes that follow */
	__u8 op;		/* index of the rastro_op that made it */
	__u8 arg;		/* argument register that led here, or RASTRO_BASE_STACK */
	__u8 kind;		/* enum rastro_segment_kind */
	__u8 status;		/* enum rastro_segment_status */
};

/* A task came to life (parent is head.tgid, head.tid). */
struct rastro_fork {
	struct rastro_head head;
	__u64 child_start_ns;	/* CLOCK_BOOTTIME start of the child's process */
	__u32 child_tgid;
	__u32 child_tid;
	__u32 child_ns_tgid;	/* as its own pid namespace numbers it */
	__u32 child_ns_tid;
	__u64 watched_by;	/* sessions that watch the child, or will from its first execve on */
	__u64 clone_flags;	/* of clone(2), as far as they show: what is the same for both (CLONE_VM, FS,
				   FILES, SIGHAND, THREAD), namespaces that are not (CLONE_NEW...), and
				   CLONE_PARENT */
	__u32 uid;		/* real user of the child */
	__u32 reserved;
};

struct rastro_exec {
	struct rastro_head head;
	__u64 start_ns;		/* CLOCK_BOOTTIME start of the process */
	__u32 old_tid;		/* differs from head.tid when another thread than the leader called */
	__u32 uid;
	char comm[RASTRO_COMM_BYTES];
	char filename[RASTRO_FILENAME_BYTES];	/* NUL-terminated, cut if longer */
	__u64 watched_by;	/* sessions that watch the process from here on; head.sessions names those
				   that it leaves, too */
	__u64 withheld_from;	/* ... that it leaves because it has rights now that are beyond their reach */
	__u32 argument_bytes;	/* of all strings with their NULs, before any limit */
	__u32 reserved;
	char arguments[RASTRO_ARGUMENT_BYTES];	/* one behind the other, each with its NUL */
};

struct rastro_exit {
	struct rastro_head head;
	__u64 start_ns;		/* CLOCK_BOOTTIME start of the process */
	__u32 status;		/* as wait(2) reports it */
	__u32 process_ended;	/* 1 when this was the last thread */
	char comm[RASTRO_COMM_BYTES];
	__u32 uid;		/* real user */
	__u32 reserved;
};

/* head.tgid and head.tid name the receiver. */
struct rastro_signal {
	struct rastro_head head;
	__u64 handler;		/* SIG_DFL 0, SIG_IGN 1, else a handler (deliver only) */
	__u64 reserved;
	__u8 siginfo[RASTRO_SIGINFO_BYTES];	/* as the kernel lays out siginfo_t, cut */
};

/* ---- the capture plan: one struct rastro_plan for each syscall slot ---- */

enum rastro_op_what {
	RASTRO_READ_BYTES = 1,
	RASTRO_READ_STRING = 2,
	RASTRO_READ_STRINGS = 3,	/* pointer array, then its strings (limit 0: pointers alone) */
	RASTRO_READ_IOVEC = 4,		/* struct iovec array, then its buffers */
	RASTRO_READ_MSGHDR = 5,		/* struct msghdr, name, iovec, buffers, control */
	RASTRO_READ_MMSGHDR = 6,
	RASTRO_READ_IOCBS = 7,		/* array of pointers to struct iocb, those, and their buffers */
};

enum rastro_op_when {
	RASTRO_WHEN_ENTRY = 1,
	RASTRO_WHEN_EXIT = 2,
	RASTRO_WHEN_SUCCESS = 3,	/* at exit, unless the result is an error */
};

/* A length is in bytes: element is 16 for an array of struct iovec, 64 for one of struct mmsghdr. */
enum rastro_op_length {
	RASTRO_LENGTH_CONSTANT = 0,	/* element bytes */
	RASTRO_LENGTH_ARG = 1,		/* args[length_arg] * element, but no less than length_at */
	RASTRO_LENGTH_RESULT = 2,	/* result * element */
	RASTRO_LENGTH_POINTED = 3,	/* the __u32 that args[length_arg] points to (captured too); at
					   exit the smaller of it now and at entry, when an earlier op
					   at entry has base length_arg */
	RASTRO_LENGTH_IOCTL = 4,	/* size bits of the ioctl command args[length_arg]; element if 0 */
	RASTRO_LENGTH_FIELD32 = 5,	/* __u32 at length_at in the segment of op length_arg, * element */
	RASTRO_LENGTH_FIELD64 = 6,
	RASTRO_LENGTH_BITS = 7,		/* args[length_arg] bits, rounded up to 8 bytes (fd_set) */
	RASTRO_LENGTH_PAGES = 8,	/* a byte for each page, of 1 << element bytes, of args[length_arg] */
};

enum rastro_op_flag {
	RASTRO_LIMIT_BY_RESULT = 1 << 0,	/* iovec and msghdr buffers: no more than result bytes */
	RASTRO_HEAD_ONLY = 1 << 1,		/* msghdr: nothing that it points to */
};

struct rastro_op {
	__u8 what;
	__u8 when;
	__u8 base;		/* 0..5 argument, RASTRO_BASE_STACK, RASTRO_BASE_SEGMENT + op index */
	__u8 length_from;
	__u8 length_arg;
	__u8 flags;
	__u16 element;		/* bytes */
	__u16 pointer_at;	/* stack: added to it; segment: offset of the pointer in it */
	__u16 length_at;
	__u16 limit;		/* bytes of each segment, string or buffer; at most RASTRO_SEGMENT_BYTES
				   (strings: RASTRO_PATH_BYTES) */
	__u16 command;		/* only when the low half of args[RASTRO_COMMAND_ARG] is this; 0: always */
};

/* Where a call has descriptors, for sessions that want to know what they are. */
enum rastro_describe {
	RASTRO_DESCRIBE_ARGS = 63,	/* a bit for each argument that is one, told at entry */
	RASTRO_DESCRIBE_RESULT = 1 << 6,
};

enum rastro_stride {
	RASTRO_STRIDE_NONE = 0,		/* one descriptor */
	RASTRO_STRIDE_BITS = 1,		/* a set, a bit for each descriptor */
};

/* Descriptors in memory that an op reads. They are told when it has been read: at entry or at exit. */
struct rastro_place {
	__u8 op;
	__u8 stride;		/* bytes from one to the next, up to the segment's end; or enum rastro_stride */
	__u16 at;		/* offset of the first */
};

struct rastro_plan {
	__u32 ops;
	__u16 describe;		/* enum rastro_describe */
	__u16 places;
	struct rastro_op op[RASTRO_OPS];
	struct rastro_place place[RASTRO_PLACES];
};

enum rastro_capture_flag {	/* rastro_control.capture[slot] */
	RASTRO_CAPTURE_ENTRY = 1 << 0,		/* some op is RASTRO_WHEN_ENTRY */
	RASTRO_CAPTURE_EXIT = 1 << 1,		/* some op is at exit */
	RASTRO_CAPTURE_ENTER_RECORD = 1 << 2,	/* emit RASTRO_CALL_ENTER (execve, execveat) */
	RASTRO_CAPTURE_NO_RETURN = 1 << 3,	/* emit RASTRO_CALL at entry (exit, exit_group) */
	RASTRO_CAPTURE_FORKS = 1 << 4,		/* fork family: the child's own return of 0 is nobody's call */
	RASTRO_CAPTURE_ARGS_AT_ENTRY = 1 << 5,	/* registers are lost at exit (rt_sigreturn, execve) */
	RASTRO_CAPTURE_FILE_DATA = 1 << 6,	/* moves data of the file that args[0] is a descriptor of */
	/* What the counters have to know of a call beyond its errno: one of these, or none. */
	RASTRO_CAPTURE_TAKES = 1 << 7,		/* brings data from the descriptor that is its first argument */
	RASTRO_CAPTURE_ACCEPTS = 2 << 7,	/* brings a connection */
	RASTRO_CAPTURE_POLLS = 3 << 7,		/* waits for several descriptors */
	RASTRO_CAPTURE_KIND = 3 << 7,		/* all bits of the above */
	RASTRO_CAPTURE_IOCTL = 1 << 9,		/* ops at entry are for commands alone that change what
						   their argument points to */
	RASTRO_CAPTURE_NETLINK = 1 << 10,	/* args[0] may be a netlink socket: its messages are read in
						   full, and which socket it is is told */
};

/* ---- selection ---- */

/*
 * Maps "processes" (key: tgid) and "threads" (key: tid). Whoever has an entry has its process's bit set
 * in the map "gate"; both sides change that map's words with atomic operations.
 */
struct rastro_target {
	__u64 wanted;		/* sessions that want this task's calls */
	__u64 inherit;		/* sessions whose wish passes to all descendants */
	__u64 spawn;		/* sessions that want this task's children, each from its first execve on */
	__u64 pending;		/* sessions whose wish begins with this task's next execve */
	__u64 chosen;		/* sessions whose rules it meets; worked out anew at each exec */
};

/*
 * A session may choose processes by what they are instead of by number. Map "rules" tells for each
 * property which sessions look for it. A session is met by a process that has, of each kind of
 * property that the session names at all, one that it names.
 */
enum rastro_rule_kind {
	RASTRO_RULE_COMM = 0,		/* name of the main thread; words: the name, padded with zeros */
	RASTRO_RULE_EXECUTABLE = 1,	/* words: inode number, device as the kernel numbers it */
	RASTRO_RULE_UID = 2,		/* real user; words: number, 0 */
	RASTRO_RULE_CGROUP = 3,		/* of the v2 hierarchy, or any above it; words: id, 0 */
	RASTRO_RULES = 4,
};

struct rastro_rule {
	__u64 kind;		/* enum rastro_rule_kind */
	__u64 words[2];
};

/* What takes a call away from a session at its exit. Map "filtered": __u64 [filters][sessions], by CPU. */
enum rastro_filter {
	RASTRO_FILTER_OUTCOME = 0,
	RASTRO_FILTER_ERRNO = 1,
	RASTRO_FILTER_DURATION = 2,
	RASTRO_FILTERS = 3,
};

enum rastro_loss {
	RASTRO_LOST_RING = 0,		/* ring buffer was full */
	RASTRO_LOST_STORAGE = 1,	/* task storage could not be had: the call was not seen */
	RASTRO_LOST_COUNTER = 2,	/* counter map full: the call was not counted */
	RASTRO_LOST_FORK = 3,		/* processes map full: a child is not followed */
	RASTRO_LOST_ENTRY = 4,		/* no scratch or area: entry bytes missing */
	RASTRO_LOST_WAKE = 5,		/* wake-up record did not fit (harmless: the consumer polls) */
	RASTRO_LOST_BLOCKED = 6,	/* RASTRO_CALL_BLOCKED did not fit (harmless: the call itself follows) */
	RASTRO_LOST_LIFECYCLE = 7,	/* a fork, exec or exit did not fit; user space asks /proc instead */
	RASTRO_LOSSES = 8,
};

/*
 * The one variable in .bss, mapped by the daemon. The daemon writes what precedes "armed". Records that
 * entered the ring are counted by whoever reads it: an atomic addition for each would cost the program.
 */
struct rastro_control {
	__u64 syscall_sessions[RASTRO_SYSCALL_SLOTS];	/* who wants this slot */
	__u16 capture[RASTRO_SYSCALL_SLOTS];		/* enum rastro_capture_flag */
	__u64 everyone;			/* sessions that want every task */
	__u64 streaming;		/* sessions that want records (the others only count) */
	__u64 counting;			/* sessions that want counters */
	__u64 failed_only;
	__u64 success_only;
	__u64 lifecycle;		/* sessions that want fork, exec, exit of their tasks */
	__u64 lifecycle_everyone;	/* ... of every task */
	__u64 blocked;			/* sessions that want RASTRO_CALL_BLOCKED of their calls */
	__u64 lifecycle_told;		/* sessions for which a lifecycle record is an event */
	__u64 choosing;			/* sessions with rules */
	__u64 chooses_by[RASTRO_RULES];	/* ... for this kind of property */
	__u64 choosing_descendants;	/* ... that keep whom they chose, and all that it starts */
	__u64 some_errors;		/* sessions that want calls that failed with certain errors alone */
	__u64 slow_only;		/* sessions that want calls of a minimum duration */
	__u64 errno_sessions[RASTRO_ERRNOS];
	__u64 min_duration_ns[RASTRO_SESSIONS];
	__u64 descriptors;		/* sessions that want to know what descriptors are */
	__u64 bounded;			/* sessions that may not see every process, see reach.bpf.h */
	__u64 owned;			/* ... that may see those of one user alone; the others all but those with
					   rights over the machine */
	__u32 owner_uid[RASTRO_SESSIONS];
	__u32 owner_gid[RASTRO_SESSIONS];
	__u64 signal_sessions[RASTRO_SIGNALS];	/* by signal number */
	__u32 self_tgid;		/* the daemon: never traced */
	__u32 epoch;			/* changed whenever targets or sessions change */
	__u32 armed;			/* consumer is about to sleep: wake it (both sides write) */
	__u32 tail_names;	/* so many names go into a RASTRO_TAIL; 0: there is none */
	__u32 page_shift;	/* a page has so many bits of an address */
	__u32 reserved;
	/* The program writes the rest, atomically. */
	__u64 lost[RASTRO_LOSSES];
	__u64 lost_by_session[RASTRO_SESSIONS];	/* RASTRO_LOST_RING, each record counted for each session */
};

/* ---- counters: map "counters", per CPU; map "errors", shared ---- */

struct rastro_counter_key {
	__u64 start_ns;		/* CLOCK_BOOTTIME start of the process: tells pids apart */
	__u32 tgid;
	__u32 slot;		/* syscall slot */
};

struct rastro_counter {
	__u64 calls;
	__u64 errors;
	__u64 timed;		/* calls whose duration is known */
	__u64 total_ns;
	__u64 min_ns;		/* this and max_ns say nothing while timed is 0 */
	__u64 max_ns;
	__u32 histogram[RASTRO_HISTOGRAM_BUCKETS];
};

struct rastro_error_key {
	__u64 start_ns;
	__u32 tgid;
	__u16 slot;
	__u16 error;		/* errno, or enum rastro_outcome */
};

enum rastro_outcome {		/* what a call came to that has no errno, or none that says so */
	RASTRO_END_OF_STREAM = 4096,	/* nothing was read from a stream socket */
	RASTRO_IDLE_WAKEUP = 4097,	/* there was no connection to accept, though the thread had taken none
					   since it last polled */
};

/* ---- the list of tasks: what the program list_tasks writes, one behind the other ---- */

enum rastro_task_state {	/* of a process: the first of these that one of its threads is in */
	RASTRO_TASK_RUNNING = 0,
	RASTRO_TASK_READY = 1,		/* would run if it had a CPU */
	RASTRO_TASK_NEW = 2,		/* has never run yet */
	RASTRO_TASK_DISK = 3,		/* waits, and not even signals end that */
	RASTRO_TASK_WAITING = 4,
	RASTRO_TASK_STOPPED = 5,
	RASTRO_TASK_IDLE = 6,		/* a thread of the kernel that has nothing to do */
	RASTRO_TASK_ENDED = 7,		/* a zombie */
	RASTRO_TASK_STATES = 8,
};

struct rastro_task {
	__u32 tgid;
	__u32 tid;
	__u64 age_ns;		/* since it began */
	__u64 ran_ns;		/* of this time, on a CPU */
	__u64 ready_ns;		/* of this time, waiting for a CPU */
	__u32 state;		/* enum rastro_task_state */
	__u32 reserved;
};

#endif /* RASTRO_RECORD_H */
