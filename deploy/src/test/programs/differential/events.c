/* Waiting: poll, select, epoll, eventfd, signalfd, timerfd, inotify, fanotify. */
#include "case.h"
#include <linux/fanotify.h>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <sys/select.h>
#include <sys/signalfd.h>
#include <sys/timerfd.h>

static int ends[2];
/* The kernel writes what is left into it, so each call has its own. */
#define SOON (&(struct timespec){ 0, 1000000 })
#define PIPE() CALL(pipe2, ends, 0)

CASE(ppoll) { struct pollfd f[] = { { 0, POLLIN, 0 }, { 1, POLLOUT | POLLPRI, 0 }, { -1, 0, 0 } }; sigset_t s; sigemptyset(&s); sigaddset(&s, SIGUSR1); PIPE(); f[0].fd = ends[0]; f[1].fd = ends[1]; CALL(ppoll, f, 3, SOON, &s, 8); f[1].fd = 99; CALL(ppoll, f, 2, SOON, NULL, 8); CALL(ppoll, f, 1, SOON, NULL, 0); CALL(ppoll, NULL, 0, SOON, &s, 8); CALL(ppoll, NOWHERE, 1, NULL, NULL, 0); CALL(ppoll, f, 1, NOWHERE, &s, 99); }
#ifdef SYS_poll
CASE(poll) { struct pollfd f[] = { { 0, POLLIN, 0 }, { 1, POLLOUT | 0x7000, 0 } }; PIPE(); f[0].fd = ends[0]; f[1].fd = ends[1]; CALL(poll, f, 2, 0); CALL(poll, f, 1, 0); CALL(poll, f, 1, 1); CALL(poll, NULL, 0, 0); CALL(poll, NOWHERE, 1, 0); CALL(poll, edge(f, 16), 2, 5); CALL(poll, edge(f, 16), 3, 5); }
CASE(select) { fd_set r, w; struct timeval t = { 0, 1000 }; PIPE(); FD_ZERO(&r); FD_ZERO(&w); FD_SET(ends[0], &r); FD_SET(ends[1], &w); CALL(select, 8, &r, &w, NULL, &t); FD_ZERO(&r); FD_SET(ends[0], &r); t.tv_sec = 0; t.tv_usec = 0; CALL(select, 8, &r, NULL, NULL, &t); FD_SET(77, &r); CALL(select, 80, &r, NULL, &w, &t); CALL(select, -1, NULL, NULL, NULL, &t); CALL(select, 0, NULL, NULL, NULL, &t); CALL(select, 8, NOWHERE, NULL, NULL, &t); CALL(epoll_create, 5); CALL(epoll_create, 0); CALL(inotify_init); CALL(eventfd, 3); CALL(pipe, ends); CALL(pipe, NULL); }
#endif
CASE(pselect) { fd_set r; sigset_t s; struct { const void *set; size_t bytes; } mask = { &s, 8 }; sigfillset(&s); PIPE(); FD_ZERO(&r); FD_SET(ends[1], &r); CALL(pselect6, 8, NULL, &r, NULL, SOON, &mask); CALL(pselect6, 8, NULL, NULL, NULL, SOON, NULL); mask.set = NULL; CALL(pselect6, 0, NULL, NULL, NULL, SOON, &mask); CALL(pselect6, 0, NULL, NULL, NULL, NOWHERE, NOWHERE); }
CASE(epoll) { struct epoll_event e = { EPOLLIN | EPOLLET, { .u64 = 7 } }, got[4]; int fd = CALL(epoll_create1, EPOLL_CLOEXEC); PIPE(); CALL(epoll_ctl, fd, EPOLL_CTL_ADD, ends[0], &e); e.events = EPOLLOUT | EPOLLONESHOT | EPOLLRDHUP | 0x800000; e.data.u64 = 0x123456789abcdef; CALL(epoll_ctl, fd, EPOLL_CTL_ADD, ends[1], &e); CALL(epoll_pwait, fd, got, 4, 0, NULL, 8); CALL(epoll_ctl, fd, EPOLL_CTL_MOD, ends[0], &e); CALL(epoll_ctl, fd, EPOLL_CTL_DEL, ends[0], NULL); CALL(epoll_ctl, fd, EPOLL_CTL_DEL, ends[0], NULL); CALL(epoll_pwait, fd, got, 4, 0, NULL, 8); }
CASE(epoll_bad) { struct epoll_event e[2]; sigset_t s; sigemptyset(&s); CALL(epoll_create1, 0x33); CALL(epoll_ctl, -1, EPOLL_CTL_ADD, 0, NULL); CALL(epoll_ctl, -1, 77, 0, NOWHERE); CALL(epoll_pwait, -1, e, 2, -1, &s, 8); CALL(epoll_pwait2, -1, e, 2, SOON, &s, 8); CALL(epoll_pwait2, -1, e, 2, NULL, NULL, 8); CALL(epoll_pwait, -1, e, -1, 10, NOWHERE, 8); }
#ifdef SYS_epoll_wait
CASE(epoll_wait) { struct epoll_event got[2]; int fd = CALL(epoll_create1, 0); CALL(epoll_wait, fd, got, 2, 0); CALL(epoll_wait, fd, got, 0, 0); CALL(epoll_wait, -1, NULL, 2, 1); }
#endif
CASE(eventfd) { uint64_t n = 5; int fd = CALL(eventfd2, 3, EFD_CLOEXEC | EFD_NONBLOCK); CALL(write, fd, &n, 8); CALL(read, fd, &n, 8); CALL(read, fd, &n, 8); CALL(eventfd2, 0, EFD_SEMAPHORE); CALL(eventfd2, -1, 0x77000000); }
CASE(signalfd) { sigset_t s; sigemptyset(&s); sigaddset(&s, SIGINT); sigaddset(&s, SIGRTMIN + 3); CALL(signalfd4, -1, &s, 8, SFD_CLOEXEC | SFD_NONBLOCK); CALL(signalfd4, -1, NULL, 8, 0); CALL(signalfd4, 99, &s, 8, 1); CALL(signalfd4, -1, &s, 4, 0); 
#ifdef SYS_signalfd
CALL(signalfd, -1, &s, 8);
#endif
}
CASE(timerfd) { struct itimerspec t = { { 1, 2 }, { 1000, 500 } }, o; int fd = CALL(timerfd_create, CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK); CALL(timerfd_settime, fd, 0, &t, &o); CALL(timerfd_settime, fd, TFD_TIMER_ABSTIME | TFD_TIMER_CANCEL_ON_SET, &t, NULL); CALL(timerfd_settime, fd, 0x70, &t, NULL); CALL(timerfd_settime, -1, 0, NULL, NULL); CALL(timerfd_gettime, -1, &o); CALL(timerfd_create, 77, 1); CALL(timerfd_create, CLOCK_BOOTTIME_ALARM, 0); CALL(timerfd_settime, fd, 0, NOWHERE, NULL); }
CASE(inotify) { char b[512]; int fd = CALL(inotify_init1, IN_NONBLOCK | IN_CLOEXEC); CALL(inotify_add_watch, fd, ".", IN_CREATE | IN_DELETE | IN_ONLYDIR); CALL(openat, AT_FDCWD, "made", O_CREAT | O_WRONLY, 0600); CALL(read, fd, b, 512); CALL(inotify_add_watch, fd, "missing", IN_ALL_EVENTS); CALL(inotify_add_watch, fd, "tree", IN_MASK_ADD | IN_DONT_FOLLOW | IN_ONESHOT | IN_EXCL_UNLINK | IN_MODIFY); CALL(inotify_add_watch, -1, NULL, 0); CALL(inotify_rm_watch, fd, 1); CALL(inotify_rm_watch, fd, 9); CALL(inotify_init1, 0x33); }
CASE(fanotify) { CALL(fanotify_init, FAN_CLOEXEC | FAN_CLASS_NOTIF, O_RDONLY | O_LARGEFILE); CALL(fanotify_init, FAN_CLASS_CONTENT | FAN_NONBLOCK | FAN_UNLIMITED_QUEUE, O_RDWR); CALL(fanotify_init, FAN_CLASS_PRE_CONTENT | FAN_REPORT_FID | 0x10000000, 0); CALL(fanotify_init, 0xc, 3); CALL(fanotify_mark, -1, FAN_MARK_ADD, FAN_OPEN | FAN_CLOSE, AT_FDCWD, "."); CALL(fanotify_mark, -1, FAN_MARK_REMOVE | FAN_MARK_MOUNT, (uint64_t)FAN_ONDIR | FAN_ACCESS_PERM, AT_FDCWD, NULL); CALL(fanotify_mark, -1, 0x70000000, 0x7000000000000000UL, 5, NOWHERE); CALL(fanotify_mark, -1, FAN_MARK_FLUSH | FAN_MARK_FILESYSTEM, 0UL, -1, "."); }
