/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * unread.bpf.h - calls whose memory is not all resident when they return.
 *
 * A program on a tracepoint may not sleep, so it reads no memory that the kernel has to bring in first. Where
 * the kernel has task work for programs (RASTRO_PAGE_IN: objects of their own, for the others refuse them),
 * such a call waits until its task is about to return to user mode: there it may sleep, what it was given is
 * as it was, and no signal has been delivered yet. A page is brought in, the call is read again, and so on.
 *
 * The task must not wait for anybody on our account. See is_at_hand() for what is brought in.
 */
#ifndef RASTRO_UNREAD_BPF_H
#define RASTRO_UNREAD_BPF_H

#ifdef RASTRO_PAGE_IN

#include "vmlinux_memory.h"

/* Up to 6.19 it takes an argument that only the kernel can fill in. */
#if RASTRO_PAGE_IN < 700
extern int bpf_task_work_schedule_resume_impl(struct task_struct *task, struct bpf_task_work *work,
					      void *map, int (*callback)(struct bpf_map *, void *, void *),
					      void *aux__prog) __ksym;
#define SCHEDULE(task, work, map, callback)                                                        \
	bpf_task_work_schedule_resume_impl(task, work, map, callback, NULL)
#else
extern int bpf_task_work_schedule_resume(struct task_struct *task, struct bpf_task_work *work, void *map,
					 int (*callback)(struct bpf_map *, void *, void *)) __ksym;
#define SCHEDULE bpf_task_work_schedule_resume
#endif
extern void bpf_preempt_disable(void) __ksym;
extern void bpf_preempt_enable(void) __ksym;

/* Programs on system calls may be preempted by others (7.2); what runs here and on switches of tasks, by neither. */
#define PHASE_UNREAD PHASE_BLOCKED

#define UNREAD_MAX 256			/* calls that wait at the same time */
#define PAGES_MAX 32			/* that are brought in for one call, or tried to be */
#define EBUSY 16			/* include/uapi/asm-generic/errno-base.h */

/* A call that waits for its task to return to user mode. */
struct unread {
	struct bpf_task_work work;
	u64 stack;
	u32 slot;
	u32 capture;
	u32 late;
	u32 kept;
	u32 epoch;
	u32 reserved;
	struct rastro_call call;
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, UNREAD_MAX);
	__type(key, u32);
	__type(value, struct unread);
} unreads SEC(".maps");

static __always_inline void begin_reading(struct scratch *s, u32 hopeless)
{
	s->lacking = 0;
	s->lacks = 0;
	s->hopeless = hopeless;
}

static __always_inline bool is_lacking(struct scratch *s)
{
	return s->lacking;
}

/*
 * Reads a waiting call and emits it, unless an address is lacking for which something may be done yet:
 * this is returned.
 */
__noinline u64 read_again(u32 tid, u32 hopeless, u32 last)
{
	struct unread *unread = bpf_map_lookup_elem(&unreads, &tid);
	struct scratch *s = scratch_of(PHASE_UNREAD);

	if (!unread)
		return 0;
	if (!s) {
		count_ring_loss(unread->call.head.sessions);
		return 0;
	}
	s->call = unread->call;
	s->stack = unread->stack;
	begin_reading(s, hopeless);
	read_rest(s, PHASE_UNREAD, unread->slot, unread->capture, unread->late, unread->kept);
	if (is_lacking(s) && !last)
		return s->lacking;
	emit_scratch(s);
	return 0;
}

/* What a node of the page cache's tree has for a page. Not static: verified once, and not for every way down. */
__noinline u64 entry_below(u64 entry, u64 index, u32 level)
{
	struct xa_node *node = (void *)(entry - XARRAY_INTERNAL);
	u64 slots = bpf_core_field_size(node->slots) / sizeof(node->slots[0]), at, below = 0;

	at = index >> (BPF_CORE_READ(node, shift) & 63);
	if (level == 0 && at >= slots)
		return 0;
	bpf_core_read(&below, sizeof(below), &node->slots[at & (slots - 1)]);
	/* A folio of several pages stands in the first slot of its own; the others say which that is. */
	if ((below & XARRAY_KIND) == XARRAY_INTERNAL && below < XARRAY_NODES)
		bpf_core_read(&below, sizeof(below), &node->slots[(below >> 2) & (slots - 1)]);
	return below;
}

/*
 * Whether the page cache holds this page of a file, so that nobody has to be asked for it. Looked up without a
 * lock: a page that comes or goes at this very moment may be told wrong.
 */
static __always_inline bool is_cached(struct address_space *mapping, u64 index)
{
	u64 entry = (u64)BPF_CORE_READ(mapping, i_pages.xa_head), flags;
	u32 level;

	/* A tree without a node is the file's first page. */
	if ((entry & XARRAY_KIND) != XARRAY_INTERNAL && index)
		return false;
	for (level = 0; level < XARRAY_LEVELS; level++) {
		if ((entry & XARRAY_KIND) != XARRAY_INTERNAL || entry < XARRAY_NODES)
			break;
		entry = entry_below(entry, index, level);
	}
	if (!entry || (entry & XARRAY_KIND))
		return false;
	flags = BPF_CORE_READ((struct folio *)entry, flags.f);
	return (flags >> bpf_core_enum_value(enum pageflags, PG_uptodate) & 1) &&
	       !(flags >> bpf_core_enum_value(enum pageflags, PG_locked) & 1);
}

struct wish {
	u64 address;
	bool at_hand;
};

/* bpf_find_vma() has found the mapping; only one that nobody changes at this moment. */
static long is_at_hand(struct task_struct *task, struct vm_area_struct *vma, struct wish *wish)
{
	u64 index;

	/* Somebody else in user space fills it, if he likes to. */
	if (bpf_core_field_exists(vma->vm_userfaultfd_ctx.ctx) && vma->vm_userfaultfd_ctx.ctx)
		return 0;
	/* Zeros, or what the swap holds. */
	if (!vma->vm_ops) {
		wish->at_hand = true;
		return 0;
	}
	/* A file: what the page cache holds the kernel maps without asking the file system. */
	if (!BPF_CORE_READ(vma, vm_ops, map_pages) || !vma->vm_file)
		return 0;
	index = vma->vm_pgoff + ((wish->address - vma->vm_start) >> control.page_shift);
	wish->at_hand = is_cached(BPF_CORE_READ(vma, vm_file, f_mapping), index);
	return 0;
}

/*
 * Whether the page of an address comes without anybody's help; negative if that cannot be told now, since another
 * thread changes the mappings. Not static: the verifier would walk it each round.
 */
__noinline int comes_by_itself(u64 address)
{
	struct wish wish = { .address = address << 8 >> 8 };	/* without a tag of aarch64's */

	if (bpf_find_vma(bpf_get_current_task_btf(), wish.address, is_at_hand, &wish, 0) == -EBUSY)
		return -EBUSY;
	return wish.at_hand;
}

/*
 * Brings the page of an address in, if that takes nobody's help; returns whether it is there now, or may come the
 * next time.
 */
static __always_inline bool page_in(u64 address)
{
	int comes = comes_by_itself(address);
	u8 byte;

	return comes < 0 || (comes && !bpf_copy_from_user(&byte, sizeof(byte), (void *)address));
}

/* Sessions have changed while the call waited: those that want it still. */
static __always_inline u64 still_wanted(struct unread *unread)
{
	struct task_struct *task = bpf_get_current_task_btf();
	struct stash *stash = bpf_task_storage_get(&stashes, task, NULL, 0);

	if (!stash)
		return 0;
	refresh(stash, task);
	return unread->call.head.sessions & stash->wanted & slot_sessions(unread->slot) & control.streaming;
}

/* The task is about to return to user mode. */
static int read_at_return(struct bpf_map *map, void *key, void *value)
{
	struct unread *unread = value;
	u32 tid = unread->call.head.tid, hopeless = 0, round;
	u64 address;

	if (unread->epoch != *(volatile u32 *)&control.epoch)
		unread->call.head.sessions = still_wanted(unread);
	for (round = 0; round <= PAGES_MAX && unread->call.head.sessions; round++) {
		/* The scratch is one for each processor. */
		bpf_preempt_disable();
		address = read_again(tid, hopeless, round == PAGES_MAX);
		bpf_preempt_enable();
		if (!address)
			break;
		if (!page_in(address))
			hopeless++;
	}
	bpf_map_delete_elem(&unreads, &tid);
	return 0;
}

/* Has the call in the exit scratch read again; false if it must be emitted as it is. */
static __always_inline bool put_off(struct scratch *s, struct stash *stash, u32 capture)
{
	struct task_struct *task = bpf_get_current_task_btf();
	struct unread unread = {}, *waiting;
	u32 tid;

	/* With PREEMPT_RT task work comes from a thread, when the task may have gone on. */
	if (bpf_core_field_exists(task->softirq_disable_cnt))
		return false;
	unread.slot = stash->slot;
	unread.capture = capture;
	unread.late = stash->late;
	unread.kept = stash->kept;
	unread.epoch = control.epoch;
	unread.stack = s->stack;
	unread.call = s->call;
	unread.call.head.flags &= ~(RASTRO_PAYLOAD_FULL | RASTRO_TAIL_TOLD);
	tid = unread.call.head.tid;
	if (bpf_map_update_elem(&unreads, &tid, &unread, BPF_NOEXIST))
		return false;
	waiting = bpf_map_lookup_elem(&unreads, &tid);
	if (!waiting)
		return false;
	if (!SCHEDULE(task, &waiting->work, &unreads, read_at_return))
		return true;
	bpf_map_delete_elem(&unreads, &tid);
	return false;
}

/*
 * The call in the exit scratch lacks memory. Not global, as the functions that are may not lead to one that
 * sleeps; not inlined, as its frame would lie below all of capture_exit()'s.
 */
static __noinline int finish_later(struct scratch *s, struct stash *stash, u32 capture)
{
	if (!put_off(s, stash, capture))
		emit_scratch(s);
	return 0;
}

#else

static __always_inline void begin_reading(struct scratch *s, u32 hopeless)
{
}

static __always_inline bool is_lacking(struct scratch *s)
{
	return false;
}

static __always_inline int finish_later(struct scratch *s, struct stash *stash, u32 capture)
{
	return 0;
}

#endif /* RASTRO_PAGE_IN */

#endif /* RASTRO_UNREAD_BPF_H */
