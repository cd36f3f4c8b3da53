/* SPDX-License-Identifier: Apache-2.0 */
/*
 * storm GO COUNT PIDS: waits until the file GO is there, then starts COUNT processes one after the other, each of which executes this
 * very file again and exits with a status of its own. They share so many process numbers, which are used
 * again and again. Prints the number and the status of each.
 */
#define _GNU_SOURCE
#include <linux/sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static int highest_pid(void)
{
	FILE *file = fopen("/proc/sys/kernel/pid_max", "r");
	int highest = 32768;

	if (file) {
		if (fscanf(file, "%d", &highest) != 1)
			highest = 32768;
		fclose(file);
	}
	return highest;
}

/* A child with this number, if that is free; else with any. */
static pid_t fork_as(pid_t number)
{
	struct clone_args args;
	pid_t child;

	memset(&args, 0, sizeof(args));
	args.exit_signal = SIGCHLD;
	args.set_tid = (unsigned long)&number;
	args.set_tid_size = 1;
	child = syscall(SYS_clone3, &args, sizeof(args));
	return child >= 0 ? child : fork();
}

int main(int argc, char **argv)
{
	int count, pids, first, i, status;
	char text[16];
	pid_t child;

	if (argc == 2)
		return atoi(argv[1]);
	if (argc != 4)
		return 255;
	count = atoi(argv[2]);
	pids = atoi(argv[3]);
	first = highest_pid() - pids - 16;
	while (access(argv[1], F_OK))
		usleep(10000);
	for (i = 0; i < count; i++) {
		snprintf(text, sizeof(text), "%d", i % 200);
		child = fork_as(first + i % pids);
		if (child < 0) {
			perror("fork");
			return 253;
		}
		if (!child) {
			execl("/proc/self/exe", argv[0], text, (char *)NULL);
			_exit(252);
		}
		if (waitpid(child, &status, 0) != child)
			return 251;
		printf("%d %d\n", child, WEXITSTATUS(status));
	}
	return 0;
}
