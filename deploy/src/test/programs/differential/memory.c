/* Mappings, advice, locks, protection keys, NUMA, memfd. */
#include "case.h"
#include <linux/mempolicy.h>

#define MAP(LENGTH) (void *)CALL(mmap, NULL, LENGTH, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0L)

CASE(mmap) { int fd = CALL(openat, AT_FDCWD, "letters", 0); CALL(mmap, NULL, 4096, PROT_READ, MAP_PRIVATE, fd, 0L); CALL(mmap, NULL, 8192, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS | MAP_POPULATE, -1, 0L); CALL(mmap, NULL, 4096, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_STACK, -1, 0L); }
CASE(mmap_odd) { CALL(mmap, NULL, 0, 0, 0, 0, 0L); CALL(mmap, NOWHERE, 4096, 7, MAP_FIXED_NOREPLACE | MAP_PRIVATE | MAP_ANONYMOUS, -1, 0L); CALL(mmap, NULL, 4096, 0x80 | PROT_EXEC | PROT_GROWSDOWN, 0x3, -1, 0L); CALL(mmap, NULL, 4096, 1, MAP_HUGETLB | (21 << 26) | MAP_PRIVATE | MAP_ANONYMOUS, -1, 0L); CALL(mmap, NULL, 4096, 1, MAP_PRIVATE | MAP_LOCKED | MAP_GROWSDOWN | MAP_SYNC | MAP_NONBLOCK, 5, 0x3000L); CALL(mmap, NULL, -1L, 1, 0xf0000002, -1, 0x123L); }
CASE(mprotect) { void *at = MAP(8192); CALL(mprotect, at, 4096, PROT_READ | PROT_EXEC); CALL(mprotect, at, 4096, PROT_NONE); CALL(mprotect, at, 4096, PROT_GROWSUP | 1); CALL(mprotect, at, 4096, 0x100); CALL(mprotect, (char *)at + 1, 4096, 1); }
CASE(munmap) { void *at = MAP(8192); CALL(munmap, at, 4096); CALL(munmap, at, 0); CALL(munmap, 1L, 1); CALL(munmap, NULL, -1L); }
CASE(mremap) { void *at = MAP(8192); at = (void *)CALL(mremap, at, 8192, 16384, MREMAP_MAYMOVE); CALL(mremap, at, 16384, 4096, 0); CALL(mremap, at, 4096, 4096, MREMAP_FIXED | MREMAP_MAYMOVE, 0x10000000); CALL(mremap, NULL, 1, 1, 0x10 | MREMAP_DONTUNMAP); }
CASE(brk) { void *at = (void *)CALL(brk, NULL); CALL(brk, (char *)at + 4096); CALL(brk, 1L); }
CASE(madvise) { void *at = MAP(8192); for (int i = 0; i < 26; i++) if (i != 14) CALL(madvise, at, 4096, i); CALL(madvise, at, 4096, -1); CALL(madvise, NULL, 0, 99); }
CASE(mlock) { void *at = MAP(8192); CALL(mlock, at, 4096); CALL(mlock2, at, 4096, 1); CALL(mlock2, at, 4096, 6); CALL(munlock, at, 8192); CALL(mlockall, 0); CALL(mlockall, 0x38 | MCL_FUTURE); CALL(munlockall); }
CASE(msync) { void *at = MAP(8192); CALL(msync, at, 4096, MS_SYNC); CALL(msync, at, 4096, MS_ASYNC | MS_INVALIDATE); CALL(msync, at, 4096, 0x18); CALL(msync, 1L, 1, 0); }
CASE(mincore) { char *at = MAP(8192); unsigned char in[8] = { 0 }; at[0] = 1; CALL(mincore, at, 8192, in); CALL(mincore, at, 8192, NOWHERE); CALL(mincore, at + 1, 8192, in); CALL(mincore, NULL, 0, NULL); }
CASE(pkeys) { void *at = MAP(4096); CALL(pkey_alloc, 0, 3); CALL(pkey_alloc, 1, 0); CALL(pkey_alloc, 0, 0x10); CALL(pkey_free, 77); CALL(pkey_mprotect, at, 4096, PROT_READ, 77); }
CASE(remap_file_pages) { CALL(remap_file_pages, NOWHERE, 4096, 0, 1, MAP_NONBLOCK); CALL(remap_file_pages, NULL, 0, 0, 0, 0); }
CASE(memfd) { CALL(memfd_create, "a name", MFD_CLOEXEC | MFD_ALLOW_SEALING); CALL(memfd_create, "", 0); CALL(memfd_create, NULL, MFD_HUGETLB); CALL(memfd_create, "huge", MFD_HUGETLB | (21 << 26)); CALL(memfd_create, "odd", 0x1000); CALL(memfd_create, NOWHERE, 1); }
CASE(memfd_long) { char name[300]; memset(name, 'n', 299); name[299] = 0; CALL(memfd_create, name, 0); name[249] = 0; CALL(memfd_create, name, 0); CALL(memfd_create, edge("end", 4), 0); CALL(memfd_create, edge("end", 3), 0); CALL(memfd_secret, 1); }
CASE(mbind) { unsigned long nodes[2] = { 1, 0 }; void *at = MAP(8192); CALL(mbind, at, 4096, MPOL_BIND, nodes, 64, 0); CALL(mbind, at, 4096, MPOL_PREFERRED | MPOL_F_STATIC_NODES, nodes, 8, MPOL_MF_MOVE | MPOL_MF_STRICT); CALL(mbind, at, 4096, MPOL_DEFAULT, NULL, 0, 0); CALL(mbind, NULL, 1, 77, NOWHERE, 64, 0x100); }
CASE(set_mempolicy) { unsigned long nodes[2] = { 1, 0 }; CALL(set_mempolicy, MPOL_INTERLEAVE, nodes, 64); CALL(set_mempolicy, MPOL_LOCAL, NULL, 0); CALL(set_mempolicy, MPOL_DEFAULT | MPOL_F_RELATIVE_NODES, nodes, 3); CALL(set_mempolicy, 99, NOWHERE, 64); CALL(set_mempolicy, 0, NULL, 0); }
CASE(get_mempolicy) { unsigned long nodes[16]; int mode; CALL(get_mempolicy, &mode, nodes, 1024, 0L, 0); CALL(get_mempolicy, &mode, NULL, 0, &mode, MPOL_F_NODE | MPOL_F_ADDR); CALL(get_mempolicy, NULL, nodes, 1024, 0L, MPOL_F_MEMS_ALLOWED); CALL(get_mempolicy, &mode, nodes, 1024, 0L, 0x70); }
CASE(move_pages) { char *at = MAP(8192); void *pages[] = { at, at + 4096, NULL }; int nodes[] = { 0, 0, 0 }, status[3]; at[0] = 1; CALL(move_pages, 0, 2, pages, nodes, status, MPOL_MF_MOVE); CALL(move_pages, 0, 1, pages, NULL, status, 0); CALL(move_pages, 0, 0, NULL, NULL, NULL, 0x40); CALL(move_pages, 999999, 2, pages, nodes, status, MPOL_MF_MOVE_ALL); }
CASE(migrate_pages) { unsigned long from = 1, to = 1; CALL(migrate_pages, 0, 2, &from, &to); CALL(migrate_pages, 999999, 64, &from, &to); CALL(migrate_pages, 0, 64, NULL, NULL); }
CASE(process_vm) { char in[8]; struct { void *base; size_t length; } local = { in, 8 }, remote = { "greetings", 8 }; pid_t me = CALL(getpid); CALL(process_vm_readv, me, &local, 1, &remote, 1, 0); CALL(process_vm_writev, me, &remote, 1, &local, 1, 0); CALL(process_vm_readv, 999999, &local, 1, NULL, 1, 7); CALL(process_madvise, -1, &local, 1, MADV_COLD, 0); CALL(process_mrelease, -1, 0); }
CASE(membarrier) { CALL(membarrier, 0, 0, 0); CALL(membarrier, 1, 0, 0); CALL(membarrier, 8, 0, 0); CALL(membarrier, 128, 1, 2); CALL(membarrier, 0x10000, 9, 9); }
