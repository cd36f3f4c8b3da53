/*
 * An event loop as servers have it: one epoll, a timer, a socket that is read until it has no more, and a
 * signal that makes the other end write.
 *
 *     worker TICKS     ends after that many ticks of its timer; 0: never
 */
#include <errno.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <unistd.h>

static int ends[2];

static void on_signal(int number)
{
	int saved = errno;

	(void)number;
	if (send(ends[1], "\f", 1, 0) < 0)
		_exit(2);
	errno = saved;
}

static void fail(const char *what)
{
	perror(what);
	exit(1);
}

static void watch(int epoll, int fd)
{
	struct epoll_event event = {.events = EPOLLIN, .data.u64 = (uint64_t)fd};

	if (epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event) < 0)
		fail("epoll_ctl");
}

int main(int argc, char **argv)
{
	long ticks = argc > 1 ? atol(argv[1]) : 0;
	struct sigaction action = {.sa_handler = on_signal};
	struct itimerspec every = {{0, 100000000}, {0, 100000000}};
	struct epoll_event events[32];
	char buffer[1024];
	uint64_t expirations;
	int epoll = epoll_create1(EPOLL_CLOEXEC);
	int timer = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);

	if (epoll < 0 || timer < 0)
		fail("epoll or timer");
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, ends) < 0)
		fail("socketpair");
	if (sigaction(SIGUSR2, &action, NULL) < 0 || timerfd_settime(timer, 0, &every, NULL) < 0)
		fail("sigaction or timerfd_settime");
	watch(epoll, timer);
	watch(epoll, ends[0]);
	printf("pid %d\n", getpid());
	fflush(stdout);

	for (long seen = 0; ticks == 0 || seen < ticks;) {
		int ready = epoll_wait(epoll, events, 32, -1);

		if (ready < 0 && errno != EINTR)
			fail("epoll_wait");
		for (int i = 0; i < ready; i++) {
			if ((int)events[i].data.u64 == timer) {
				if (read(timer, &expirations, sizeof(expirations)) == sizeof(expirations))
					seen++;
				continue;
			}
			while (recv(ends[0], buffer, sizeof(buffer), 0) > 0)
				;
			if (errno != EAGAIN)
				fail("recv");
		}
	}
	return 0;
}
