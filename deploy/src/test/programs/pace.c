/* SPDX-License-Identifier: Apache-2.0 */
/*
 * pace GO RATE SECONDS: waits until the file GO is there, then calls getppid so often a second for so long; prints
 * how often in all.
 */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

static long long now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000000000LL + now.tv_nsec;
}

int main(int argc, char **argv)
{
	long long begin, due, rate, nanos, calls = 0;
	struct timespec pause = { 0, 1000000 };

	if (argc != 4)
		return 2;
	rate = atoll(argv[2]);
	nanos = atoll(argv[3]) * 1000000000LL;
	while (access(argv[1], F_OK))
		usleep(10000);
	begin = now_ns();
	do {
		due = (now_ns() - begin) / 1000 * rate / 1000000;
		for (; calls < due; calls++)
			syscall(SYS_getppid);
		nanosleep(&pause, NULL);
	} while (now_ns() - begin < nanos);
	printf("%lld\n", calls);
	return 0;
}
