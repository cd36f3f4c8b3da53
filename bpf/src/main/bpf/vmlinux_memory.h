/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * vmlinux_memory.h - kernel types on the way from an address to the page that is mapped there; see vmlinux.h.
 */
#ifndef RASTRO_VMLINUX_MEMORY_H
#define RASTRO_VMLINUX_MEMORY_H

#include "vmlinux_files.h"

/* What an entry of an xarray is (include/linux/xarray.h). */
#define XARRAY_KIND 3
#define XARRAY_INTERNAL 2		/* a node or, if small, another slot's number */
#define XARRAY_NODES 4096		/* entries of nodes are larger */
#define XARRAY_LEVELS 12

/* Not relocated: the verifier looks for it in the map's value as it stands here. */
struct bpf_task_work {
	u64 __opaque;
} __attribute__((aligned(8)));

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)

/* libbpf compares what a function takes with what the kernel's takes: a struct, not just its name. */
struct bpf_map {
	u32 id;
};

struct xa_node {
	unsigned char shift;
	void *slots[64];	/* fewer in the smallest kernels */
};

struct xarray {
	void *xa_head;
};

struct address_space {
	struct xarray i_pages;
};

typedef struct {
	unsigned long f;
} memdesc_flags_t;

struct folio {
	memdesc_flags_t flags;
};

enum pageflags { PG_locked, PG_uptodate };

struct vm_operations_struct {
	void *map_pages;
};

struct userfaultfd_ctx;

struct vm_userfaultfd_ctx {
	struct userfaultfd_ctx *ctx;
};

struct vm_area_struct {
	unsigned long vm_start;
	const struct vm_operations_struct *vm_ops;
	unsigned long vm_pgoff;
	struct file *vm_file;
	struct vm_userfaultfd_ctx vm_userfaultfd_ctx;
};

#pragma clang attribute pop

#endif /* RASTRO_VMLINUX_MEMORY_H */
