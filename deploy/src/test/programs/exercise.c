/*
 * Issues system calls by number with raw arguments, each in a child of its own.
 *
 *     exercise PLAN
 *
 * A line of PLAN is: index, number of the call, '-' or what is prepared for it, six arguments. Prepared can be
 * 'timer' (a signal ends the call a while after it began) or 'handler' (the child sends itself a signal that it
 * handles, instead of the call: how rt_sigreturn is reached).
 *
 * A child first closes the descriptor MARK + index, which does not exist: this line tells a trace's reader which
 * call follows. What a child does harms nobody: it is nobody, without capabilities, in namespaces of its own for
 * mounts, pids, network, host name, IPC and cgroups, with no descriptor but an empty file in memory (0) and
 * /dev/null (1 and 2), and an alarm ends it.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define CALLS_MAX 8192
#define MARK 1000000
#define NOBODY 65534
#define ALARM_SECONDS 30
#define TIMER_MICROSECONDS 300000

/* The reader of the plan knows these addresses: "abc" and a byte that is no NUL before the end of a page, a page
 * of zeros. */
#define LAST_PAGE ((char *)0x20000000)
#define ZERO_PAGE ((char *)0x20010000)
#define PAGE 4096

struct call {
	long index;
	long number;
	char prepared;
	unsigned long args[6];
};

static struct call calls[CALLS_MAX];
static int call_count;
static volatile int *issuing;	/* shared: the child has come to its call */

static void must(int ok, const char *what)
{
	if (!ok) {
		perror(what);
		exit(1);
	}
}

static void read_plan(const char *path)
{
	FILE *plan = fopen(path, "r");
	char prepared[16];

	must(plan != NULL, path);
	for (;;) {
		struct call *call = &calls[call_count];
		int got = fscanf(plan, "%ld %ld %15s %lx %lx %lx %lx %lx %lx", &call->index, &call->number, prepared,
				 &call->args[0], &call->args[1], &call->args[2], &call->args[3],
				 &call->args[4], &call->args[5]);

		if (got == EOF)
			break;
		must(got == 9 && call_count + 1 < CALLS_MAX, "a line of the plan");
		call->prepared = prepared[0];
		call_count++;
	}
	fclose(plan);
}

static void map_pages(void)
{
	int fixed = MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE;

	must(mmap(LAST_PAGE, PAGE, PROT_READ | PROT_WRITE, fixed, -1, 0) == LAST_PAGE, "mmap");
	must(mmap(LAST_PAGE + PAGE, PAGE, PROT_NONE, fixed, -1, 0) == LAST_PAGE + PAGE, "mmap");
	must(mmap(ZERO_PAGE, PAGE, PROT_READ | PROT_WRITE, fixed, -1, 0) == ZERO_PAGE, "mmap");
	issuing = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	must(issuing != MAP_FAILED, "mmap");
	memcpy(LAST_PAGE + PAGE - 4, "abc\377", 4);
	memset(ZERO_PAGE, 0, PAGE);
}

static void become_harmless(void)
{
	int null;
	int file;

	must(unshare(CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWNET | CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWCGROUP) == 0,
	     "unshare");
	null = open("/dev/null", O_RDWR);
	file = memfd_create("exercise", 0);
	must(null >= 0 && file >= 0, "descriptors");
	must(chdir("/") == 0, "chdir");
	must(dup2(file, 0) == 0 && dup2(null, 1) == 1 && dup2(null, 2) == 2, "dup2");
	must(close_range(3, ~0u, 0) == 0, "close_range");
	must(setgroups(0, NULL) == 0 && setresgid(NOBODY, NOBODY, NOBODY) == 0 &&
	     setresuid(NOBODY, NOBODY, NOBODY) == 0, "setresuid");
	must(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0, "prctl");
}

static void handled(int signal)
{
	(void)signal;
}

/* The call and the end in one piece: if the call made a second task on this stack, neither may touch it. */
static _Noreturn void issue(const struct call *call)
{
#if defined(__x86_64__)
	register unsigned long r10 __asm__("r10") = call->args[3];
	register unsigned long r8 __asm__("r8") = call->args[4];
	register unsigned long r9 __asm__("r9") = call->args[5];

	__asm__ volatile("syscall\n\tmov %[end], %%eax\n\txor %%edi, %%edi\n\tsyscall\n\thlt"
			 :
			 : "a"(call->number), "D"(call->args[0]), "S"(call->args[1]), "d"(call->args[2]), "r"(r10),
			   "r"(r8), "r"(r9), [end] "i"(SYS_exit_group)
			 : "rcx", "r11", "memory");
#elif defined(__aarch64__)
	register unsigned long x8 __asm__("x8") = call->number;
	register unsigned long x0 __asm__("x0") = call->args[0];
	register unsigned long x1 __asm__("x1") = call->args[1];
	register unsigned long x2 __asm__("x2") = call->args[2];
	register unsigned long x3 __asm__("x3") = call->args[3];
	register unsigned long x4 __asm__("x4") = call->args[4];
	register unsigned long x5 __asm__("x5") = call->args[5];

	__asm__ volatile("svc 0\n\tmov x8, %[end]\n\tmov x0, 0\n\tsvc 0\n\tbrk 0"
			 :
			 : "r"(x8), "r"(x0), "r"(x1), "r"(x2), "r"(x3), "r"(x4), "r"(x5), [end] "i"(SYS_exit_group)
			 : "memory");
#endif
	__builtin_unreachable();
}

static _Noreturn void child(const struct call *call)
{
	alarm(ALARM_SECONDS);
	if (call->prepared == 'h')
		signal(SIGUSR1, handled);
	close(MARK + call->index);
	if (call->prepared == 'h') {
		kill(getpid(), SIGUSR1);
		_exit(0);
	}
	*issuing = 1;
	issue(call);
}

/* However long a tracer holds the child up before its call, the signal does not come before it. */
static void end_call(pid_t child)
{
	while (!*issuing)
		usleep(1000);
	usleep(TIMER_MICROSECONDS);
	kill(child, SIGALRM);
}

/* The first process of the pid namespace. */
static int exercise_all(void)
{
	for (int i = 0; i < call_count; i++) {
		pid_t pid;

		*issuing = 0;
		pid = fork();
		if (pid < 0)
			return 1;
		if (pid == 0)
			child(&calls[i]);
		if (calls[i].prepared == 't')
			end_call(pid);
		while (waitpid(pid, NULL, 0) < 0) {
			if (errno != EINTR)
				return 1;
		}
	}
	while (wait(NULL) > 0)
		continue;
	return 0;
}

int main(int argc, char **argv)
{
	pid_t init;
	int status;

	must(argc == 2, "usage: exercise PLAN");
	read_plan(argv[1]);
	map_pages();
	become_harmless();
	init = fork();
	if (init < 0)
		return 1;
	if (init == 0)
		_exit(exercise_all());
	if (waitpid(init, &status, 0) != init)
		return 1;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 2;
}
