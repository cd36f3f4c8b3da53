/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * reference.h - what the yardstick's two halves share. Nothing of it is Rastro's.
 */
#ifndef REFERENCE_H
#define REFERENCE_H

#define GATE_WORDS 65536	/* a bit for each process id */
#define BYTES_MAX 128
#define BUCKETS 32
#define CPUS_MAX 256
#define CPU_RING_BYTES (4 << 20)

/* One call: 96 bytes. */
struct reference_call {
	__u64 time_ns;
	__u64 duration_ns;
	__s64 result;
	__u32 tgid;
	__u32 tid;
	__u32 nr;
	__u32 bytes;		/* that follow, in the larger record */
	__u64 address;
	__u64 args[6];
};

struct reference_call_bytes {
	struct reference_call call;
	__u8 bytes[BYTES_MAX];
};

struct reference_counter_key {
	__u32 tgid;
	__u32 nr;
};

struct reference_counter {
	__u64 calls;
	__u64 errors;
	__u64 total_ns;
	__u32 histogram[BUCKETS];
};

struct reference_control {
	__u64 gate[GATE_WORDS];
	__u64 lost;
};

#endif /* REFERENCE_H */
