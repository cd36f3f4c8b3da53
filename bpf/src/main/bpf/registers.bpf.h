/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * registers.bpf.h - a call's number, ABI and arguments out of the saved registers.
 *
 * The only file that knows an architecture. Which one runs is asked of the kernel's BTF at load time,
 * so that the branch of the other is removed and the same object serves both.
 */
#ifndef RASTRO_REGISTERS_BPF_H
#define RASTRO_REGISTERS_BPF_H

#include "maps.bpf.h"

#define X86_TS_COMPAT 0x0002		/* thread_info.status: in a 32-bit call */
#define ARM64_TIF_32BIT (1UL << 22)	/* thread_info.flags */
#define X32_SYSCALL_BIT 0x40000000

static __always_inline bool on_x86(void)
{
	return bpf_core_field_exists(struct pt_regs___x86, orig_ax);
}

/* A tp_btf program may follow its pointers; a raw_tp program has bare numbers and must copy. */
#define REGISTER(regs, trusted, field)                                                             \
	({                                                                                         \
		typeof((regs)->field) value_ = 0;                                                  \
		if (trusted)                                                                       \
			value_ = (regs)->field;                                                    \
		else                                                                               \
			bpf_core_read(&value_, sizeof(value_), &(regs)->field);                    \
		value_;                                                                            \
	})

static __always_inline u8 abi_of(struct task_struct *task, u32 nr)
{
	if (bpf_core_field_exists(struct thread_info___x86, status)) {
		struct task_struct___x86 *x86 = (void *)task;

		if (x86->thread_info.status & X86_TS_COMPAT)
			return RASTRO_ABI_COMPAT32;
		if ((s32)nr >= 0 && (nr & X32_SYSCALL_BIT))
			return RASTRO_ABI_X32;
		return RASTRO_ABI_NATIVE;
	}
	if (task->thread_info.flags & ARM64_TIF_32BIT)
		return RASTRO_ABI_COMPAT32;
	return RASTRO_ABI_NATIVE;
}

static __always_inline u16 slot_of(u32 nr, u8 abi)
{
	if (abi != RASTRO_ABI_NATIVE)
		return RASTRO_SLOT_FOREIGN;
	return nr < RASTRO_SLOT_UNKNOWN ? nr : RASTRO_SLOT_UNKNOWN;
}

/* The number at exit, when the entry was not seen. */
static __always_inline u32 number_at_exit(struct pt_regs *regs, const bool trusted)
{
	if (on_x86()) {
		struct pt_regs___x86 *x86 = (void *)regs;

		return REGISTER(x86, trusted, orig_ax);
	} else {
		struct pt_regs___arm64 *arm64 = (void *)regs;

		return REGISTER(arm64, trusted, syscallno);
	}
}

static __always_inline u64 stack_pointer(struct pt_regs *regs, const bool trusted)
{
	if (on_x86()) {
		struct pt_regs___x86 *x86 = (void *)regs;

		return REGISTER(x86, trusted, sp);
	} else {
		struct pt_regs___arm64 *arm64 = (void *)regs;

		return REGISTER(arm64, trusted, sp);
	}
}

static __always_inline u64 first_argument(struct pt_regs *regs, const bool trusted)
{
	if (on_x86()) {
		struct pt_regs___x86 *x86 = (void *)regs;

		return REGISTER(x86, trusted, di);
	} else {
		struct pt_regs___arm64 *arm64 = (void *)regs;

		return REGISTER(arm64, trusted, orig_x0);
	}
}

/* The command of an ioctl, without the other arguments. */
static __always_inline u32 command_of(struct pt_regs *regs, const bool trusted)
{
	if (on_x86()) {
		struct pt_regs___x86 *x86 = (void *)regs;

		return REGISTER(x86, trusted, si);
	} else {
		struct pt_regs___arm64 *arm64 = (void *)regs;

		return REGISTER(arm64, trusted, regs[1]);
	}
}

static __always_inline void load_arguments(u64 *args, struct pt_regs *regs, u8 abi, const bool trusted)
{
	if (on_x86()) {
		struct pt_regs___x86 *x86 = (void *)regs;

		if (abi == RASTRO_ABI_COMPAT32) {
			args[0] = (u32)REGISTER(x86, trusted, bx);
			args[1] = (u32)REGISTER(x86, trusted, cx);
			args[2] = (u32)REGISTER(x86, trusted, dx);
			args[3] = (u32)REGISTER(x86, trusted, si);
			args[4] = (u32)REGISTER(x86, trusted, di);
			args[5] = (u32)REGISTER(x86, trusted, bp);
			return;
		}
		args[0] = REGISTER(x86, trusted, di);
		args[1] = REGISTER(x86, trusted, si);
		args[2] = REGISTER(x86, trusted, dx);
		args[3] = REGISTER(x86, trusted, r10);
		args[4] = REGISTER(x86, trusted, r8);
		args[5] = REGISTER(x86, trusted, r9);
	} else {
		struct pt_regs___arm64 *arm64 = (void *)regs;

		/* x0 carries the result at exit; orig_x0 is set before sys_enter. */
		args[0] = REGISTER(arm64, trusted, orig_x0);
		args[1] = REGISTER(arm64, trusted, regs[1]);
		args[2] = REGISTER(arm64, trusted, regs[2]);
		args[3] = REGISTER(arm64, trusted, regs[3]);
		args[4] = REGISTER(arm64, trusted, regs[4]);
		args[5] = REGISTER(arm64, trusted, regs[5]);
	}
}

#endif /* RASTRO_REGISTERS_BPF_H */
