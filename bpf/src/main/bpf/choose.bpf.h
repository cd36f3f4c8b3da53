/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * choose.bpf.h - sessions that choose processes by what they are: name, executable, user, cgroup.
 *
 * Worked out when a process can have become another: at fork and exec, and for all that are there when
 * a session comes. What comes of it stands in the map "processes" and in the gate as if the process had
 * been named, so that calls cost nothing more, wanted or not.
 */
#ifndef RASTRO_CHOOSE_BPF_H
#define RASTRO_CHOOSE_BPF_H

#include "vmlinux_files.h"
#include "select.bpf.h"

static __always_inline u64 looking_for(u64 kind, u64 first, u64 second)
{
	struct rastro_rule rule = { .kind = kind, .words = { first, second } };
	u64 *sessions = bpf_map_lookup_elem(&rules, &rule);

	return sessions ? *sessions : 0;
}

static __always_inline u64 looking_for_comm(struct task_struct *task)
{
	u64 name[2] = {};

	BPF_CORE_READ_STR_INTO(&name, task, comm);
	return looking_for(RASTRO_RULE_COMM, name[0], name[1]);
}

static __always_inline u64 looking_for_executable(struct task_struct *task)
{
	struct inode *inode = BPF_CORE_READ(task, mm, exe_file, f_inode);

	return looking_for(RASTRO_RULE_EXECUTABLE, BPF_CORE_READ(inode, i_ino),
			   BPF_CORE_READ(inode, i_sb, s_dev));
}

/* The task's cgroup and those above it. */
static __always_inline u64 looking_for_cgroup(struct task_struct *task)
{
	struct cgroup *cgroup = BPF_CORE_READ(task, cgroups, dfl_cgrp);
	u64 sessions = 0;
	u32 level;

	for (level = 0; level < RASTRO_CGROUP_LEVELS && cgroup; level++) {
		sessions |= looking_for(RASTRO_RULE_CGROUP, BPF_CORE_READ(cgroup, kn, id), 0);
		cgroup = BPF_CORE_READ(cgroup, self.parent, cgroup);
	}
	return sessions;
}

/* Sessions whose rules the process of this task meets, and that may see it. Without a rule all meet them. */
static __always_inline u64 chosen_by(struct task_struct *task)
{
	struct task_struct *leader = BPF_CORE_READ(task, group_leader);
	u64 chosen = control.choosing, by;

	by = control.chooses_by[RASTRO_RULE_COMM];
	if (chosen & by)
		chosen &= ~by | looking_for_comm(leader);
	by = control.chooses_by[RASTRO_RULE_UID];
	if (chosen & by)
		chosen &= ~by | looking_for(RASTRO_RULE_UID, BPF_CORE_READ(leader, cred, uid.val), 0);
	by = control.chooses_by[RASTRO_RULE_EXECUTABLE];
	if (chosen & by)
		chosen &= ~by | looking_for_executable(task);
	by = control.chooses_by[RASTRO_RULE_CGROUP];
	if (chosen & by)
		chosen &= ~by | looking_for_cgroup(task);
	return chosen & ~beyond_reach(task, chosen);
}

static __always_inline void choose(struct rastro_target *target, u64 chosen)
{
	target->chosen = chosen;
	target->wanted |= chosen & control.choosing_descendants;
	target->inherit |= chosen & control.choosing_descendants;
}

/* The rules look at the process afresh. Its tasks must refresh what they remember. */
static __always_inline void choose_process(struct task_struct *task, u32 tgid)
{
	u64 chosen = chosen_by(task);
	struct rastro_target *found = bpf_map_lookup_elem(&processes, &tgid), target = {};

	if (found) {
		choose(found, chosen);
		return;
	}
	if (!chosen)
		return;
	choose(&target, chosen);
	if (bpf_map_update_elem(&processes, &tgid, &target, BPF_ANY))
		count_loss(RASTRO_LOST_FORK);
	else
		open_gate(tgid);
}

/* Run over all tasks by the daemon when the rules have changed. Kernel threads have no memory, nor calls. */
SEC("iter/task")
int choose_existing(struct bpf_iter__task *ctx)
{
	struct task_struct *task = ctx->task;
	u32 tgid;

	if (!task || !task->mm)
		return 0;
	tgid = task->tgid;
	if (tgid == control.self_tgid)
		return 0;
	choose_process(task, tgid);
	return 0;
}

#endif /* RASTRO_CHOOSE_BPF_H */
