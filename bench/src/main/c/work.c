// SPDX-License-Identifier: Apache-2.0
/*
 * work.c - programs worth tracing, which say themselves what a call costs them.
 *
 *   work NAME            prints "ready PID [PID]", then does what stdin says, a line each:
 *     run MILLIS           as fast as it goes; answers "OPERATIONS NANOS CALLS MEDIAN"
 *     do OPERATIONS        so many, however long it takes; the same answer
 *     pace RATE MILLIS     RATE operations a second, a burst each millisecond; the same answer
 *   work NAME MILLIS     one run, for tools that start the program themselves
 *
 * Work is done in chunks of about half a millisecond. MEDIAN is nanoseconds per operation in the chunk
 * in the middle: a chunk that another program interrupted does not count. One that runs alone is
 * timed by its own CPU time, one that waits for others by the clock.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <signal.h>
#include <time.h>
#include <unistd.h>

#define CHUNKS_MAX 4000000
#define FOREVER_MILLIS (1L << 40)
#define BLOCK_BYTES (64 << 10)

static char block[BLOCK_BYTES];
static size_t write_bytes;
static int zero_fd, null_fd, pair[2];
static pid_t partner;

static void die(const char *what)
{
	fprintf(stderr, "work: %s: %s\n", what, strerror(errno));
	exit(1);
}

static void expect(bool good, const char *what)
{
	if (!good)
		die(what);
}

static void do_getppid(void)
{
	syscall(SYS_getppid);
}

static void do_byte(void)
{
	expect(read(zero_fd, block, 1) == 1 && write(null_fd, block, 1) == 1, "one byte");
}

static void do_file(void)
{
	struct stat status;
	int fd = open("/etc/host.conf", O_RDONLY | O_CLOEXEC);

	expect(fd >= 0 && !syscall(SYS_fstat, fd, &status) && read(fd, block, 64) >= 0 && !close(fd), "file");
}

static void do_write(void)
{
	expect(write(null_fd, block, write_bytes) == (ssize_t)write_bytes, "write");
}

static void do_pingpong(void)
{
	expect(write(pair[0], block, 1) == 1 && read(pair[0], block, 1) == 1, "ping");
}

static void do_spawn(void)
{
	char *argv[] = {"/bin/true", NULL}, *envp[] = {NULL};
	pid_t child = fork();
	int status;

	if (!child) {
		execve(argv[0], argv, envp);
		_exit(127);
	}
	expect(child > 0 && waitpid(child, &status, 0) == child && !status, "spawn");
}

static void begin_pingpong(void)
{
	expect(!socketpair(AF_UNIX, SOCK_STREAM, 0, pair), "socketpair");
	partner = fork();
	expect(partner >= 0, "fork");
	if (partner)
		return;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	close(pair[0]);
	while (read(pair[1], block, 1) == 1)
		expect(write(pair[1], block, 1) == 1, "pong");
	_exit(0);
}

static const struct work {
	const char *name;
	void (*operation)(void);
	void (*begin)(void);
	int calls;		/* of one operation; 0: not to be told */
	int chunk;		/* operations */
	bool waits;		/* for other processes */
} works[] = {
	{"getppid", do_getppid, NULL, 1, 2000, false},
	{"byte", do_byte, NULL, 2, 800, false},
	{"file", do_file, NULL, 4, 200, false},
	{"write", do_write, NULL, 1, 1500, false},	/* write128: of 128 bytes */
	{"pingpong", do_pingpong, begin_pingpong, 4, 100, true},
	{"spawn", do_spawn, NULL, 0, 1, true},
};

static int64_t now(clockid_t clock)
{
	struct timespec time;

	clock_gettime(clock, &time);
	return time.tv_sec * 1000000000LL + time.tv_nsec;
}

static int ascending(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

/* rate: operations a second, 0 for as fast as it goes. Ends after the time or the operations. */
static void run(const struct work *work, long rate, long millis, long most)
{
	static double per_operation[CHUNKS_MAX];
	clockid_t clock = work->waits ? CLOCK_MONOTONIC : CLOCK_PROCESS_CPUTIME_ID;
	int64_t began = now(CLOCK_MONOTONIC), end = began + millis * 1000000, nanos;
	long chunk = rate ? rate / 1000 : work->chunk, operations = 0, i;
	int chunks = 0;

	if (chunk < 1)
		chunk = 1;
	do {
		int64_t from = now(clock);

		for (i = 0; i < chunk; i++)
			work->operation();
		per_operation[chunks++] = (double)(now(clock) - from) / chunk;
		operations += chunk;
		if (rate) {
			int64_t next = began + operations * 1000000000LL / rate;
			struct timespec until = {next / 1000000000, next % 1000000000};

			clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, NULL);
		}
	} while (now(CLOCK_MONOTONIC) < end && operations < most && chunks < CHUNKS_MAX);
	nanos = now(CLOCK_MONOTONIC) - began;
	qsort(per_operation, chunks, sizeof(per_operation[0]), ascending);
	printf("%ld %lld %ld %.2f\n", operations, (long long)nanos, operations * work->calls,
	       per_operation[chunks / 2]);
	fflush(stdout);
}

static const struct work *find(const char *name)
{
	size_t length = strcspn(name, "0123456789"), i;

	write_bytes = atol(name + length);
	for (i = 0; i < sizeof(works) / sizeof(works[0]); i++) {
		if (strlen(works[i].name) == length && !strncmp(works[i].name, name, length) &&
		    write_bytes <= BLOCK_BYTES)
			return &works[i];
	}
	fprintf(stderr, "work: no workload %s\n", name);
	exit(2);
}

int main(int argc, char **argv)
{
	const struct work *work;
	long rate, millis, most;
	char line[128];

	if (argc != 2 && argc != 3) {
		fprintf(stderr, "usage: work NAME [MILLIS]\n");
		return 2;
	}
	work = find(argv[1]);
	zero_fd = open("/dev/zero", O_RDONLY | O_CLOEXEC);
	null_fd = open("/dev/null", O_WRONLY | O_CLOEXEC);
	expect(zero_fd >= 0 && null_fd >= 0, "/dev");
	if (work->begin)
		work->begin();
	if (argc == 3) {
		run(work, 0, atol(argv[2]), LONG_MAX);
		return 0;
	}
	printf(partner ? "ready %d %d\n" : "ready %d\n", getpid(), partner);
	fflush(stdout);
	while (fgets(line, sizeof(line), stdin)) {
		rate = 0;
		most = LONG_MAX;
		millis = FOREVER_MILLIS;
		if (sscanf(line, "run %ld", &millis) != 1 && sscanf(line, "do %ld", &most) != 1 &&
		    sscanf(line, "pace %ld %ld", &rate, &millis) != 2) {
			fprintf(stderr, "work: not understood: %s", line);
			return 2;
		}
		run(work, rate, millis, most);
	}
	return 0;
}
