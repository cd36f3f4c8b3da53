/* Signals: dispositions, masks, queues, what comes with them. */
#include "case.h"
#include <sys/wait.h>
#include <sys/time.h>
#include <time.h>

static void nothing(int signal) { (void)signal; }
static void more(int signal, siginfo_t *info, void *context) { (void)signal; (void)info; (void)context; }
static sigset_t set(int first, int second) { sigset_t s; sigemptyset(&s); sigaddset(&s, first); if (second) sigaddset(&s, second); return s; }

CASE(rt_sigaction) { struct { void *handler; unsigned long flags; void *restorer; unsigned long mask; } a = { SIG_IGN, 0, NULL, 0 }, o; CALL(rt_sigaction, SIGUSR1, &a, &o, 8); CALL(rt_sigaction, SIGUSR1, NULL, &o, 8); a.handler = nothing; a.flags = 0x14000000 | SA_NODEFER | SA_SIGINFO; a.restorer = nothing; a.mask = 0x8001; CALL(rt_sigaction, SIGUSR2, &a, NULL, 8); CALL(rt_sigaction, SIGKILL, &a, NULL, 8); CALL(rt_sigaction, 99, NULL, NULL, 8); CALL(rt_sigaction, SIGHUP, NOWHERE, NULL, 8); CALL(rt_sigaction, SIGHUP, &a, &o, 4); a.flags = 0x00800f00 | SA_RESETHAND | SA_NOCLDSTOP | SA_NOCLDWAIT | SA_ONSTACK; CALL(rt_sigaction, SIGRTMIN, &a, &o, 8); }
CASE(rt_sigprocmask) { sigset_t s = set(SIGHUP, SIGINT), o; CALL(rt_sigprocmask, SIG_BLOCK, &s, &o, 8); CALL(rt_sigprocmask, SIG_SETMASK, NULL, &o, 8); sigfillset(&s); CALL(rt_sigprocmask, SIG_SETMASK, &s, NULL, 8); s = set(33, 64); CALL(rt_sigprocmask, SIG_UNBLOCK, &s, NULL, 8); CALL(rt_sigprocmask, 77, &s, NULL, 8); CALL(rt_sigprocmask, SIG_BLOCK, &s, NULL, 16); CALL(rt_sigprocmask, SIG_BLOCK, NOWHERE, NULL, 8); CALL(rt_sigprocmask, SIG_BLOCK, NULL, NULL, 0); sigemptyset(&s); CALL(rt_sigprocmask, SIG_SETMASK, &s, &o, 8); }
CASE(pending) { sigset_t s = set(SIGUSR1, 0), o; CALL(rt_sigprocmask, SIG_BLOCK, &s, NULL, 8); CALL(kill, SELF, SIGUSR1); CALL(rt_sigpending, &o, 8); CALL(rt_sigpending, NULL, 8); CALL(rt_sigpending, &o, 99); }
CASE(kill) { CALL(kill, SELF, 0); CALL(kill, 999999, SIGTERM); CALL(kill, SELF, 99); CALL(tkill, 999999, SIGHUP); CALL(tgkill, SELF, TASK, 0); CALL(tgkill, -1, -1, 40); CALL(kill, 999999, -3); }
CASE(handled) { signal(SIGUSR1, nothing); CALL(kill, SELF, SIGUSR1); CALL(tgkill, SELF, TASK, SIGUSR1); CALL(tkill, TASK, SIGUSR1); }
CASE(ignored) { signal(SIGUSR1, SIG_IGN); CALL(kill, SELF, SIGUSR1); CALL(kill, SELF, SIGWINCH); CALL(kill, SELF, SIGCONT); }
CASE(killed) { CALL(kill, SELF, SIGTERM); }
CASE(killed_hard) { CALL(kill, SELF, SIGKILL); }
CASE(aborted) { CALL(tgkill, SELF, TASK, SIGABRT); }
CASE(realtime) { CALL(kill, SELF, 40); }
CASE(segmentation) { *(volatile int *)NOWHERE = 1; }
CASE(segmentation_protected) { volatile char *at = (void *)CALL(mmap, NULL, 4096L, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0L); *at = 1; }
CASE(bus) { int fd = CALL(openat, AT_FDCWD, "letters", O_RDWR); CALL(ftruncate, fd, 0); volatile char *at = (void *)CALL(mmap, NULL, 4096L, PROT_READ, MAP_SHARED, fd, 0L); fd = *at; }
CASE(arithmetic) { volatile int zero = 0; volatile int x = 1 / zero; (void)x; }
CASE(illegal) { __builtin_trap(); }
CASE(pipe) { int ends[2]; CALL(pipe2, ends, 0); CALL(close, ends[0]); CALL(write, ends[1], "x", 1); }
CASE(rt_sigqueueinfo) { siginfo_t i = { .si_signo = SIGUSR1, .si_code = SI_QUEUE }; i.si_value.sival_int = 77; i.si_pid = 1; i.si_uid = 2; struct sigaction a = { .sa_sigaction = more, .sa_flags = SA_SIGINFO }; sigaction(SIGUSR1, &a, NULL); CALL(rt_sigqueueinfo, SELF, SIGUSR1, &i); CALL(rt_tgsigqueueinfo, SELF, TASK, SIGUSR1, &i); CALL(rt_sigqueueinfo, 999999, SIGUSR1, &i); i.si_code = 77; CALL(rt_sigqueueinfo, 999999, SIGUSR1, &i); i.si_code = SI_MESGQ; CALL(rt_sigqueueinfo, 999999, SIGUSR1, &i); i.si_code = SI_TIMER; CALL(rt_sigqueueinfo, 999999, SIGUSR1, &i); CALL(rt_sigqueueinfo, 999999, SIGUSR1, NULL); CALL(rt_sigqueueinfo, 999999, 99, NOWHERE); }
CASE(rt_sigtimedwait) { sigset_t s = set(SIGUSR1, SIGALRM); struct timespec t = { 0, 1000 }; siginfo_t i; CALL(rt_sigprocmask, SIG_BLOCK, &s, NULL, 8); CALL(rt_sigtimedwait, &s, &i, &t, 8); CALL(kill, SELF, SIGUSR1); CALL(rt_sigtimedwait, &s, &i, &t, 8); CALL(rt_sigtimedwait, &s, NULL, NOWHERE, 8); CALL(rt_sigtimedwait, NULL, NULL, &t, 8); CALL(rt_sigtimedwait, &s, &i, &t, 7); }
CASE(sigaltstack) { static char stack[16384]; stack_t s = { stack, 0, sizeof(stack) }, o; CALL(sigaltstack, &s, &o); CALL(sigaltstack, NULL, &o); s.ss_flags = SS_DISABLE; CALL(sigaltstack, &s, NULL); s.ss_flags = 0x80000001; CALL(sigaltstack, &s, NULL); s.ss_flags = 77; CALL(sigaltstack, &s, NULL); CALL(sigaltstack, NOWHERE, NULL); }
/* A timer that ends a call gives a tracer the time to let it begin, or its signal is blocked until then. */
CASE(alarm) { signal(SIGALRM, nothing); struct itimerval t = { { 0, 0 }, { 0, 200000 } }; struct timespec long_time = { 100, 0 }, left; CALL(setitimer, ITIMER_REAL, &t, NULL); CALL(clock_nanosleep, CLOCK_MONOTONIC, TIMER_ABSTIME, &(struct timespec){ 1L << 40, 0 }, NULL); (void)long_time; (void)left; }
CASE(interrupted) { struct itimerval t = { { 0, 0 }, { 0, 1000 } }; sigset_t s = set(SIGALRM, 0); CALL(rt_sigprocmask, SIG_BLOCK, &s, NULL, 8); sigemptyset(&s); signal(SIGALRM, nothing); CALL(setitimer, ITIMER_REAL, &t, NULL); CALL(rt_sigsuspend, &s, 8); }
CASE(restarted) { int ends[2]; char c; struct sigaction a = { .sa_handler = nothing, .sa_flags = SA_RESTART }; struct itimerval t = { { 0, 0 }, { 0, 200000 } }; sigaction(SIGALRM, &a, NULL); CALL(pipe2, ends, 0); if (fork() == 0) { CALL(ppoll, NULL, 0, &(struct timespec){ 1, 0 }, NULL, 8); CALL(write, ends[1], "x", 1); CALL(exit, 0); } CALL(setitimer, ITIMER_REAL, &t, NULL); CALL(read, ends[0], &c, 1); CALL(wait4, -1, NULL, __WALL, NULL); }
CASE(timer_signal) { int id; struct sigevent e = { .sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGRTMIN + 1, .sigev_value.sival_int = 42 }; struct itimerspec t = { { 0, 0 }, { 0, 1000 } }; sigset_t s = set(SIGRTMIN + 1, 0); CALL(rt_sigprocmask, SIG_BLOCK, &s, NULL, 8); sigemptyset(&s); signal(SIGRTMIN + 1, nothing); CALL(timer_create, CLOCK_MONOTONIC, &e, &id); CALL(timer_settime, id, 0, &t, NULL); CALL(rt_sigsuspend, &s, 8); }
#ifdef SYS_pause
CASE(pause) { signal(SIGALRM, nothing); struct itimerval t = { { 0, 0 }, { 0, 200000 } }; CALL(setitimer, ITIMER_REAL, &t, NULL); CALL(pause); }
#endif
CASE(pidfd_signal) { int fd = CALL(pidfd_open, SELF, 0); siginfo_t i = { .si_signo = 10, .si_code = SI_QUEUE }; CALL(pidfd_send_signal, fd, 0, NULL, 0); CALL(pidfd_send_signal, -1, SIGUSR1, &i, 0); CALL(pidfd_send_signal, fd, 99, NOWHERE, 7); CALL(pidfd_getfd, fd, 0, 0); CALL(pidfd_getfd, -1, 0, 5); CALL(pidfd_open, 999999, O_NONBLOCK); CALL(pidfd_open, -1, 0x33); }
CASE(sigsuspend_bad) { CALL(rt_sigsuspend, NULL, 8); CALL(rt_sigsuspend, NOWHERE, 4); CALL(restart_syscall); }
