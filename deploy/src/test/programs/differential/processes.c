/* Begetting, waiting for and replacing processes. */
#include "case.h"
#include <linux/sched.h>
#include <sys/resource.h>
#include <sys/wait.h>

static int status;
static struct rusage usage;
static void child(int code) { CALL(exit_group, code); }

CASE(fork_wait) { if (fork() == 0) child(3); CALL(wait4, -1, &status, 0, NULL); CALL(wait4, -1, &status, WNOHANG, NULL); }
CASE(wait_rusage) { if (fork() == 0) child(0); CALL(wait4, -1, NULL, WUNTRACED | WCONTINUED, NULL); CALL(wait4, 999999, &status, WNOHANG | __WALL | 0x100, &usage); CALL(wait4, -7, NOWHERE, 0, NULL); }
CASE(wait_signalled) { if (fork() == 0) CALL(kill, SELF, SIGKILL); CALL(wait4, -1, &status, __WCLONE | __WALL, NULL); }
/* The child ends only when it is told to, or its end would be what the second wait finds. */
CASE(wait_stopped) { int ends[2], pid; char end; CALL(pipe2, ends, 0); pid = fork(); if (pid == 0) { CALL(kill, SELF, SIGSTOP); CALL(read, ends[0], &end, 1); child(0); } CALL(wait4, pid, &status, WUNTRACED, NULL); CALL(kill, pid, SIGCONT); CALL(wait4, pid, &status, WCONTINUED, NULL); CALL(write, ends[1], "x", 1); CALL(wait4, pid, &status, 0, NULL); }
CASE(waitid) { siginfo_t i; int pid = fork(); if (pid == 0) child(5); CALL(waitid, P_PID, pid, &i, WEXITED | WNOWAIT, NULL); CALL(waitid, P_ALL, 0, NULL, WEXITED, NULL); CALL(waitid, P_ALL, 0, &i, WEXITED, NULL); CALL(waitid, 77, -1, NOWHERE, 0x70, NULL); CALL(waitid, P_PIDFD, 99, NULL, WEXITED, NULL); CALL(waitid, P_PGID, 99999, &i, WSTOPPED, &usage); }
#ifdef SYS_fork
CASE(fork) { if (CALL(fork) == 0) child(1); CALL(wait4, -1, &status, 0, NULL); }
CASE(vfork) { if (vfork() == 0) _exit(2); CALL(wait4, -1, &status, 0, NULL); }
#endif
CASE(clone) { static char stack[8192] __attribute__((aligned(16))); (void)stack; if (CALL(clone, SIGCHLD | CLONE_FS | CLONE_FILES, 0L, 0L, 0L, 0L) == 0) child(0); CALL(wait4, -1, &status, 0, NULL); CALL(clone, CLONE_SIGHAND, 0L, 0L, 0L, 0L); CALL(clone, CLONE_THREAD | 99, 0x1000L, 0L, 0L, 0L); CALL(clone, CLONE_NEWNS | CLONE_FS, 0L, 0L, 0L, 0L); }
CASE(clone_tids) { static int parent, kid; if (CALL(clone, SIGCHLD | CLONE_PARENT_SETTID | CLONE_CHILD_CLEARTID | CLONE_CHILD_SETTID, 0L, &parent, &kid, 0L) == 0) child(0); CALL(wait4, -1, &status, 0, NULL); if (CALL(clone, CLONE_PIDFD | SIGCHLD, 0L, &parent, 0L, 0L) == 0) child(0); CALL(wait4, -1, &status, 0, NULL); }
CASE(clone3) { int fd = 0; struct clone_args a = { .exit_signal = SIGCHLD, .flags = CLONE_PIDFD, .pidfd = (uintptr_t)&fd }; if (CALL(clone3, &a, sizeof(a)) == 0) child(0); CALL(wait4, -1, &status, 0, NULL); a.flags = CLONE_SIGHAND; a.pidfd = 0; CALL(clone3, &a, sizeof(a)); CALL(clone3, &a, 64); CALL(clone3, &a, 8); CALL(clone3, NULL, 88); CALL(clone3, NOWHERE, 88); a.flags = 0x8000000000000000UL; a.stack = 0x1000; a.stack_size = 77; a.set_tid = 5; a.set_tid_size = 1; CALL(clone3, &a, sizeof(a)); a.cgroup = 9; a.flags = CLONE_INTO_CGROUP; a.set_tid_size = 0; a.set_tid = 0; a.stack = 0; a.stack_size = 0; CALL(clone3, &a, 88); }
CASE(exec) { char *const arguments[] = { "true", "one", "two\n", NULL }, *const environment[] = { "A=1", "B=2", NULL }; if (fork() == 0) { CALL(execve, "/missing", arguments, environment); CALL(execve, "/missing", NULL, NULL); CALL(execve, NULL, NULL, NULL); CALL(execve, "/etc/passwd", arguments, NULL); CALL(execve, "/missing", NOWHERE, NOWHERE); CALL(execve, "/bin/true", arguments, environment); } CALL(wait4, -1, &status, 0, NULL); }
CASE(execveat) { char *const arguments[] = { "true", NULL }, *const none[] = { NULL }; CALL(execveat, AT_FDCWD, "missing", arguments, none, AT_SYMLINK_NOFOLLOW); CALL(execveat, 99, "", arguments, none, AT_EMPTY_PATH); CALL(execveat, -1, NULL, NULL, NULL, 0x70); }
CASE(exec_long) { char *arguments[42], text[300]; memset(text, 'a', 299); text[299] = 0; for (int i = 0; i < 41; i++) arguments[i] = i % 2 ? "x" : text; arguments[41] = NULL; CALL(execve, "/missing", arguments, arguments); arguments[3] = NOWHERE; CALL(execve, "/missing", arguments, arguments); CALL(execve, "/missing", edge(arguments, 16), NULL); }
CASE(ids) { CALL(getpid); CALL(gettid); CALL(getuid); CALL(geteuid); CALL(getgid); CALL(getegid); CALL(getpgid, 0); CALL(getpgid, 999999); CALL(getsid, 999999); CALL(setpgid, 0, 0); CALL(setpgid, 999999, -1); 
#ifdef SYS_getpgrp
CALL(getpgrp);
#endif
}
CASE(setsid) { if (fork() == 0) { CALL(setsid); CALL(getsid, 0); CALL(setsid); child(0); } CALL(wait4, -1, &status, 0, NULL); }
CASE(namespaces) { CALL(unshare, CLONE_FS | CLONE_FILES); CALL(unshare, 0x1); CALL(unshare, 0); CALL(unshare, CLONE_THREAD | CLONE_NEWUSER); CALL(setns, -1, CLONE_NEWNET); CALL(setns, -1, 0x77); }
CASE(ptrace) { CALL(ptrace, 16, 999999, 0L, 0L); CALL(ptrace, 7, 999999, 0L, SIGSTOP); CALL(ptrace, 0x4200, 999999, 0L, 0x11L); CALL(ptrace, 0x4206, 999999, 0L, 0L); CALL(ptrace, 1, 999999, 0x1000L, 0x2000L); CALL(ptrace, 3, 999999, 8L, 0x2000L); CALL(ptrace, 0x9999, 999999, 8L, 9L); CALL(ptrace, 0x4204, 999999, 1L, NULL); }
CASE(thread_area) { CALL(set_tid_address, &status); CALL(set_robust_list, NULL, 24); CALL(set_robust_list, NULL, 25); CALL(get_robust_list, 999999, NULL, NULL); void *head; size_t size; CALL(get_robust_list, 0, &head, &size); CALL(rseq, NULL, 32, 0, 5); CALL(rseq, NULL, 32, 1, 5); }
CASE(kcmp) { pid_t me = SELF; for (int i = 0; i < 10; i++) CALL(kcmp, me, me, i, 0, 0); CALL(kcmp, 999999, me, 0, 1, 2); }
CASE(exit_codes) { if (fork() == 0) CALL(exit, 256 + 7); CALL(wait4, -1, &status, 0, NULL); CALL(exit, -1); }
CASE(getrusage) { CALL(getrusage, 77, &usage); CALL(getrusage, RUSAGE_SELF, NULL); CALL(getrusage, RUSAGE_CHILDREN, &usage); CALL(getrusage, RUSAGE_CHILDREN, NOWHERE); }
