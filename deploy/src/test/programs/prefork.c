// A server with workers that share one listening socket, each waiting for it with an epoll of its own.
//
//   prefork WORKERS all|exclusive
//
// Prints "port N", then "worker PID" for each, then "ready". A request is one byte, so is the answer; then the
// worker reads until the client has closed. With "all" a connection wakes every worker, and each takes its time,
// so that all of them are awake before the first one accepts.

#define _GNU_SOURCE
#include <errno.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

static void check(int result, const char *what)
{
	if (result < 0) {
		perror(what);
		exit(1);
	}
}

static void serve(int connection)
{
	char byte;

	if (read(connection, &byte, 1) == 1 && write(connection, &byte, 1) == 1)
		while (read(connection, &byte, 1) > 0)
			;
	close(connection);
}

static void work(int listener, int exclusive)
{
	struct epoll_event event = { .events = EPOLLIN | (exclusive ? EPOLLEXCLUSIVE : 0) };
	int poll = epoll_create1(0);

	check(poll, "epoll_create1");
	check(epoll_ctl(poll, EPOLL_CTL_ADD, listener, &event), "epoll_ctl");
	for (;;) {
		check(epoll_wait(poll, &event, 1, -1), "epoll_wait");
		if (!exclusive)
			usleep(2000);
		int connection = accept4(listener, NULL, NULL, 0);
		if (connection >= 0)
			serve(connection);
		else if (errno != EAGAIN)
			check(connection, "accept4");
	}
}

int main(int count, char **words)
{
	struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t length = sizeof(address);
	int listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);

	if (count != 3)
		return 2;
	check(bind(listener, (void *)&address, length), "bind");
	check(listen(listener, 128), "listen");
	check(getsockname(listener, (void *)&address, &length), "getsockname");
	printf("port %d\n", ntohs(address.sin_port));
	fflush(stdout);
	for (int i = 0; i < atoi(words[1]); i++) {
		pid_t worker = fork();
		check(worker, "fork");
		if (!worker) {
			prctl(PR_SET_PDEATHSIG, SIGKILL);
			work(listener, !strcmp(words[2], "exclusive"));
		}
		printf("worker %d\n", worker);
	}
	puts("ready");
	fflush(stdout);
	pause();
}
