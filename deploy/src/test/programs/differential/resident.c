/*
 * Memory that nobody has touched yet, or that is gone from the process's own tables, given to calls that fail before the
 * kernel reads it. As strace shows it from Linux 6.18 on.
 */
#include "case.h"
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <time.h>

static void *anonymous(long bytes) { return mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0); }

/* A page that holds these bytes at this place, of a file that is in memory, but not yet in that of the process. */
static void *page_of(const void *bytes, long count, long at)
{
	int fd = memfd_create("page", 0);
	char *page;

	if (pwrite(fd, bytes, count, at) != count || ftruncate(fd, 4 * PAGE_BYTES))
		abort();
	page = mmap(NULL, 4 * PAGE_BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0);
	close(fd);
	return page + at;
}

#define PAGE_OF(TYPE, ...) page_of(&(TYPE)__VA_ARGS__, sizeof(TYPE), 64)
static char *text(const char *words) { return page_of(words, strlen(words) + 1, 100); }

CASE(zeros) { CALL(write, -1, anonymous(PAGE_BYTES), 5); CALL(openat, -1, anonymous(PAGE_BYTES), 0); CALL(pwrite64, -1, (char *)anonymous(3 * PAGE_BYTES) + 4090, 12, 0L); }
CASE(dropped) { char *at = anonymous(PAGE_BYTES); strcpy(at, "to be forgotten"); madvise(at, PAGE_BYTES, MADV_DONTNEED); CALL(write, -1, at, 15); }
CASE(file_private) { CALL(write, -1, text("never touched"), 13); CALL(openat, -1, text("path"), 0); }
CASE(file_shared) { int fd = memfd_create("s", 0); char *at; if (pwrite(fd, "shared words", 12, 0) != 12) abort(); at = mmap(NULL, PAGE_BYTES, PROT_READ, MAP_SHARED, fd, 0); CALL(write, -1, at, 12); }
CASE(file_on_disk) { int fd = open("letters", O_RDONLY); char *at = mmap(NULL, PAGE_BYTES, PROT_READ, MAP_PRIVATE, fd, 0); CALL(write, -1, at, 10); CALL(symlinkat, at + 8, -1, "x"); }
CASE(second_page) { char *at = page_of("across two pages", 16, PAGE_BYTES - 7); *(volatile char *)(at - 100); CALL(write, -1, at, 16); CALL(openat, -1, at, 0); }
CASE(out_of_the_file) { int fd = open("letters", O_RDONLY); char *at = mmap(NULL, 2 * PAGE_BYTES, PROT_READ, MAP_PRIVATE, fd, 0); CALL(write, -1, at + PAGE_BYTES, 10); CALL(write, -1, at + PAGE_BYTES - 4, 10); }
CASE(not_readable) { char *at = text("hidden"); mprotect(at - 100, PAGE_BYTES, PROT_NONE); CALL(write, -1, at, 6); CALL(openat, -1, at, 0); }
CASE(iovecs) { struct iovec iov[3] = { { text("first"), 5 }, { anonymous(PAGE_BYTES), 3 }, { text("third"), 5 } }; CALL(writev, -1, page_of(iov, sizeof(iov), 8), 3); }
CASE(between_unreadable) { struct iovec iov[4] = { { NOWHERE, 5 }, { text("second"), 6 }, { (void *)1, 3 }, { text("fourth"), 6 } }; CALL(writev, -1, page_of(iov, sizeof(iov), 8), 4); }
CASE(message)
{
	struct iovec iov[2] = { { text("hello "), 6 }, { text("world"), 5 } };
	struct msghdr message = { page_of("\1\0/tmp/peer", 12, 32), 12, page_of(iov, sizeof(iov), 128), 2, NULL, 0, 0 };

	CALL(sendmsg, -1, page_of(&message, sizeof(message), 512), MSG_DONTWAIT);
}
CASE(messages)
{
	struct iovec iov[2] = { { text("one"), 3 }, { text("two"), 3 } };
	struct mmsghdr messages[2] = { { { NULL, 0, page_of(&iov[0], sizeof(iov[0]), 0), 1 }, 0 }, { { NULL, 0, page_of(&iov[1], sizeof(iov[1]), 0), 1 }, 0 } };

	CALL(sendmmsg, -1, page_of(messages, sizeof(messages), 0), 2, 0);
}
CASE(structures) { CALL(timerfd_settime, -1, 0, PAGE_OF(struct itimerspec, { { 1, 2 }, { 3, 4 } }), NULL); CALL(utimensat, -1, text("name"), PAGE_OF(struct timespec, { 5, 6 }), 0); }
CASE(two_paths) { CALL(linkat, -1, text("from"), -1, text("to"), 0); CALL(renameat2, -1, text("old"), -1, text("new"), 0); }
CASE(long_path) { static char name[3 * PAGE_BYTES]; memset(name, 'n', 4000); CALL(openat, -1, page_of(name, 4001, PAGE_BYTES - 50), 0); }
CASE(many_pages) { struct iovec iov[40]; for (int i = 0; i < 40; i++) iov[i] = (struct iovec){ text("page"), 4 }; CALL(writev, -1, iov, 20); }
CASE(refused) { CALL(setsockopt, -1, SOL_SOCKET, SO_LINGER, PAGE_OF(struct linger, { 1, 7 }), 8); CALL(bind, -1, page_of("\2\0\0\120\177\0\0\1\0\0\0\0\0\0\0", 16, 0), 16); }
static void on_signal(int number) { (void)number; }
static int broken_pipe(void) { int ends[2]; if (pipe(ends)) abort(); close(ends[0]); return ends[1]; }
CASE(signal_follows) { int end = broken_pipe(); char *at = text("nobody reads"); signal(SIGPIPE, on_signal); CALL(write, end, at, 12); CALL(write, -1, at, 6); }
CASE(signal_kills) { CALL(write, broken_pipe(), text("last words"), 10); }
CASE(refused_by_seccomp)
{
	struct sock_filter filter[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_linkat, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog program = { 4, filter };
	char *from = text("never entered"), *to = text("nor this");

	CALL(prctl, PR_SET_NO_NEW_PRIVS, 1L, 0L, 0L, 0L);
	CALL(prctl, PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program, 0L, 0L);
	CALL(linkat, AT_FDCWD, from, AT_FDCWD, to, 0);
}
