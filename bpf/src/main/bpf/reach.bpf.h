/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * reach.bpf.h - sessions of those who may not see every process.
 *
 * Such a session is bounded: it wants a task only while the task's rights are within its owner's reach, by
 * the rules of ptrace(2). That is asked whenever it is worked out who wants a task, and so at each exec: a
 * set-user-ID program has rights that its caller has not. Without an exec rights can only shrink, which is
 * noticed at the next exec or change of sessions. dev.rastro.daemon.kernel.Reach is the same in Java.
 */
#ifndef RASTRO_REACH_BPF_H
#define RASTRO_REACH_BPF_H

#include "maps.bpf.h"

#define MMF_DUMPABLE_MASK 3
#define SUID_DUMP_USER 1

/*
 * Whether the kernel lets its user look into its memory: not after it executed a set-user-ID program or a file that
 * the user cannot read. Of one that has no memory any more (as on Linux 6.1 when its exit is told) holds what was last
 * known; if that is nothing, no event has told of it, and it has nothing to hide but its rights.
 */
static __always_inline bool is_dumpable(struct task_struct *task)
{
	struct mm_struct *mm = BPF_CORE_READ(task, mm);
	struct stash *stash;
	u64 flags = 0;

	if (!mm) {
		stash = bpf_task_storage_get(&stashes, task, NULL, 0);
		return !stash || !stash->undumpable;
	}
#if defined(RASTRO_PAGE_IN) && RASTRO_PAGE_IN >= 700
	/* In this object alone: libbpf looks for a type that the kernel lacks among its modules', and may not. */
	if (bpf_core_field_exists(((struct task_struct___exec_state *)task)->exec_state))
		return BPF_CORE_READ((struct task_struct___exec_state *)task, exec_state, dumpable) ==
		       TASK_DUMPABLE_OWNER;
#endif
	if (bpf_core_field_exists(((struct mm_struct___bitmap *)mm)->flags))
		bpf_core_read(&flags, sizeof(flags), &((struct mm_struct___bitmap *)mm)->flags);
	else if (bpf_core_field_exists(mm->flags))
		bpf_core_read(&flags, sizeof(flags), &mm->flags);
	return (flags & MMF_DUMPABLE_MASK) == SUID_DUMP_USER;
}

/* Of these sessions those that are not this user's. Not static: up to 64 turns. */
__noinline u64 of_others(u64 sessions, u32 uid, u32 gid)
{
	u64 others = 0;
	u32 bit;

	for (bit = 0; bit < RASTRO_SESSIONS; bit++) {
		if (!(sessions >> bit))
			break;
		if (((sessions >> bit) & 1) &&
		    (control.owner_uid[bit] != uid || control.owner_gid[bit] != gid))
			others |= 1ULL << bit;
	}
	return others;
}

/* Of these sessions those whose owner may not see what the task does, with the rights that it has now. */
static __always_inline u64 beyond_reach(struct task_struct *task, u64 sessions)
{
	const struct cred *cred;
	u32 uid, euid, suid, gid, egid, sgid;
	u64 owned, beyond = 0, capabilities = 0;
	bool may_own;

	sessions &= control.bounded;
	if (!sessions)
		return 0;
	if (!is_dumpable(task))
		return sessions;
	cred = BPF_CORE_READ(task, real_cred);
	uid = BPF_CORE_READ(cred, uid.val);
	euid = BPF_CORE_READ(cred, euid.val);
	suid = BPF_CORE_READ(cred, suid.val);
	bpf_core_read(&capabilities, sizeof(capabilities), &cred->cap_permitted);

	/* Capabilities in a namespace of users are none over the machine. */
	if (!uid || !euid || !suid || (capabilities && !BPF_CORE_READ(cred, user_ns, level)))
		beyond = sessions & ~control.owned;
	owned = sessions & control.owned;
	if (!owned)
		return beyond;
	gid = BPF_CORE_READ(cred, gid.val);
	egid = BPF_CORE_READ(cred, egid.val);
	sgid = BPF_CORE_READ(cred, sgid.val);
	may_own = !capabilities && uid == euid && uid == suid && gid == egid && gid == sgid;
	return beyond | (may_own ? of_others(owned, uid, gid) : owned);
}

#endif /* RASTRO_REACH_BPF_H */
