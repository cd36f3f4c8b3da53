/* Descriptors of every kind, to be told with -y and -yy: each is used once, so that an argument and not a result is told. */
#include "case.h"
#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sched.h>
#include <stddef.h>
#include <sys/epoll.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>

#define ADDRESS(A) (struct sockaddr *)&(A), sizeof(A)

static int use(int fd) { char byte; return CALL(fcntl, fd, F_GETFD) + CALL(read, fd, &byte, 0); }
static struct sockaddr_in inet(int port) { struct sockaddr_in a = { .sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK) }; return a; }

CASE(files) { use(CALL(openat, AT_FDCWD, "letters", O_RDONLY)); use(CALL(openat, AT_FDCWD, "tree", O_RDONLY | O_DIRECTORY)); use(CALL(openat, AT_FDCWD, "link", O_PATH)); use(CALL(openat, AT_FDCWD, "link", O_PATH | O_NOFOLLOW)); use(CALL(openat, AT_FDCWD, "/", O_RDONLY)); use(CALL(openat, AT_FDCWD, "/proc/self/status", O_RDONLY)); }
CASE(odd_names) { use(CALL(openat, AT_FDCWD, "a<b>\"c\\d\n", O_RDWR | O_CREAT, 0600)); use(CALL(openat, AT_FDCWD, "\1\0017 \377\303\244", O_RDWR | O_CREAT, 0600)); CALL(unlink, "a<b>\"c\\d\n"); CALL(unlink, "\1\0017 \377\303\244"); }
CASE(deleted) { int fd = CALL(openat, AT_FDCWD, "gone", O_RDWR | O_CREAT, 0600); CALL(unlink, "gone"); use(fd); CALL(mkdir, "going", 0700); fd = CALL(openat, AT_FDCWD, "going", O_RDONLY); CALL(rmdir, "going"); use(fd); use(CALL(openat, AT_FDCWD, ".", O_RDWR | O_TMPFILE, 0600)); }
CASE(renamed) { int fd = CALL(openat, AT_FDCWD, "before", O_RDWR | O_CREAT, 0600); CALL(rename, "before", "after"); use(fd); CALL(unlink, "after"); }
CASE(folder) { struct { long words[18]; } room; CALL(chdir, "tree"); CALL(newfstatat, AT_FDCWD, "missing", &room, 0); CALL(chdir, "/"); CALL(newfstatat, AT_FDCWD, "missing", &room, 0); CALL(newfstatat, -1, "missing", &room, 0); CALL(newfstatat, 99, "missing", &room, 0); }
CASE(deep) { for (int i = 0; i < 20; i++) { CALL(mkdir, "a-name-of-some-length", 0700); CALL(chdir, "a-name-of-some-length"); } use(CALL(openat, AT_FDCWD, ".", O_RDONLY)); for (int i = 0; i < 20; i++) { CALL(chdir, ".."); CALL(rmdir, "a-name-of-some-length"); } }
CASE(devices) { use(CALL(openat, AT_FDCWD, "/dev/null", O_RDONLY)); use(CALL(openat, AT_FDCWD, "/dev/urandom", O_RDONLY)); use(CALL(openat, AT_FDCWD, "/dev/full", O_RDONLY)); }
CASE(pipes) { int ends[2]; CALL(pipe2, ends, O_CLOEXEC); CALL(write, ends[1], "x", 1); use(ends[0]); CALL(close, ends[0]); CALL(close, ends[1]); use(ends[1]); }
CASE(anonymous) { use(CALL(eventfd2, 0, 0)); use(CALL(epoll_create1, 0)); use(CALL(timerfd_create, 1, 0)); use(CALL(inotify_init1, O_NONBLOCK)); use(CALL(memfd_create, "memory", 0)); use(CALL(signalfd4, -1, &(unsigned long){ 1 }, 8, 0)); use(CALL(pidfd_open, SELF, 0)); use(CALL(openat, AT_FDCWD, "/proc/self/ns/uts", O_RDONLY)); }
CASE(copies) { int fd = CALL(openat, AT_FDCWD, "letters", O_RDONLY); CALL(dup, fd); CALL(dup2, fd, 20); CALL(dup3, fd, 21, O_CLOEXEC); CALL(fcntl, fd, F_DUPFD, 30); CALL(dup2, 20, 21); CALL(dup2, 0, 20); CALL(dup2, 99, 20); CALL(close_range, 20, 30, 0); use(20); }
CASE(closed_by_the_child) { int fd = CALL(openat, AT_FDCWD, "letters", O_RDONLY), status; pid_t child = fork(); if (!child) { CALL(close, fd); CALL(openat, AT_FDCWD, "other.txt", O_RDONLY); CALL(exit_group, 0); } waitpid(child, &status, 0); use(fd); }
CASE(shared_with_the_child) { int status, fd; pid_t child = CALL(clone, CLONE_FILES | SIGCHLD, 0, 0, 0, 0); if (!child) { CALL(openat, AT_FDCWD, "other.txt", O_RDONLY); CALL(exit_group, 0); } waitpid(child, &status, 0); fd = 3; use(fd); }
CASE(tcp) { int server = CALL(socket, AF_INET, SOCK_STREAM, 0), client = CALL(socket, AF_INET, SOCK_STREAM, 0), on = 1; struct sockaddr_in a = inet(47301), b = inet(47302); CALL(setsockopt, server, SOL_SOCKET, SO_REUSEADDR, &on, 4); CALL(setsockopt, client, SOL_SOCKET, SO_REUSEADDR, &on, 4); CALL(bind, server, ADDRESS(a)); CALL(listen, server, 1); use(server); CALL(bind, client, ADDRESS(b)); CALL(connect, client, ADDRESS(a)); use(client); use(CALL(accept4, server, NULL, NULL, 0)); CALL(shutdown, client, SHUT_RDWR); }
CASE(tcp6) { int server = CALL(socket, AF_INET6, SOCK_STREAM, 0); struct sockaddr_in6 a = { .sin6_family = AF_INET6, .sin6_port = htons(47303), .sin6_addr = IN6ADDR_LOOPBACK_INIT }; CALL(bind, server, ADDRESS(a)); CALL(listen, server, 1); CALL(close, server); server = CALL(socket, AF_INET6, SOCK_DGRAM, 0); a.sin6_addr = in6addr_any; CALL(bind, server, ADDRESS(a)); CALL(close, server); }
CASE(udp) { int one = CALL(socket, AF_INET, SOCK_DGRAM, 0); struct sockaddr_in a = inet(47304), b = inet(47305); CALL(bind, one, ADDRESS(a)); use(one); CALL(connect, one, ADDRESS(b)); CALL(getpeername, one, NULL, NULL); CALL(socket, AF_INET, SOCK_RAW, IPPROTO_ICMP); CALL(close, one + 1); }
CASE(unix) { int server = CALL(socket, AF_UNIX, SOCK_STREAM, 0), client = CALL(socket, AF_UNIX, SOCK_STREAM, 0); struct sockaddr_un a = { .sun_family = AF_UNIX, .sun_path = "place" }; CALL(bind, server, ADDRESS(a)); CALL(listen, server, 1); CALL(connect, client, ADDRESS(a)); CALL(write, client, "x", 1); use(CALL(accept4, server, NULL, NULL, 0)); CALL(unlink, "place"); }
CASE(unix_abstract) { int one = CALL(socket, AF_UNIX, SOCK_SEQPACKET, 0); struct sockaddr_un a = { .sun_family = AF_UNIX, .sun_path = "\0rastro-differential" }; CALL(bind, one, &a, 2 + 20); use(one); one = CALL(socket, AF_UNIX, SOCK_DGRAM, 0); memcpy(a.sun_path + 1, "other\0\"\1", 8); CALL(bind, one, &a, 2 + 9); use(one); }
CASE(unix_pair) { int ends[2]; CALL(socketpair, AF_UNIX, SOCK_STREAM, 0, ends); CALL(write, ends[0], "x", 1); use(ends[1]); }
CASE(netlink) { int one = CALL(socket, AF_NETLINK, SOCK_RAW, 0); unsigned char a[12] = { AF_NETLINK }; use(one); a[8] = 1; CALL(bind, one, a, 12); one = CALL(socket, AF_NETLINK, SOCK_RAW, 16); CALL(close, one); }
CASE(packet) { int fd = CALL(socket, AF_PACKET, SOCK_DGRAM, 0); CALL(close, fd); }
CASE(rights) { int ends[2]; char in[8]; struct iovec out = { "x", 1 }, room = { in, 8 }; union { char bytes[CMSG_SPACE(2 * sizeof(int))]; struct cmsghdr head; } c = { .head = { CMSG_LEN(2 * sizeof(int)), SOL_SOCKET, SCM_RIGHTS } }; struct msghdr m = { .msg_iov = &out, .msg_iovlen = 1, .msg_control = &c, .msg_controllen = CMSG_LEN(2 * sizeof(int)) }; CALL(socketpair, AF_UNIX, SOCK_STREAM, 0, ends); ((int *)CMSG_DATA(&c.head))[0] = CALL(openat, AT_FDCWD, "letters", O_RDONLY); ((int *)CMSG_DATA(&c.head))[1] = 0; CALL(sendmsg, ends[0], &m, 0); m.msg_iov = &room; CALL(recvmsg, ends[1], &m, 0); }
CASE(sets) { int ends[2]; fd_set in, out; struct timeval none = { 0, 0 }; CALL(pipe2, ends, 0); FD_ZERO(&in); FD_ZERO(&out); FD_SET(ends[0], &in); FD_SET(0, &in); FD_SET(ends[1], &out); CALL(select, ends[1] + 1, &in, &out, NULL, &none); FD_ZERO(&in); FD_SET(ends[0], &in); CALL(pselect6, ends[1] + 1, &in, NULL, NULL, &(struct timespec){ 0, 0 }, NULL); }
CASE(polls) { int ends[2]; struct pollfd p[3]; struct epoll_event event = { EPOLLIN }; CALL(pipe2, ends, 0); p[0] = (struct pollfd){ ends[0], POLLIN }; p[1] = (struct pollfd){ ends[1], POLLOUT }; p[2] = (struct pollfd){ 99, POLLIN }; CALL(poll, p, 3, 0); CALL(poll, p, 1, 1); CALL(ppoll, p, 2, NULL, NULL, 0); int epoll = CALL(epoll_create1, 0); CALL(epoll_ctl, epoll, EPOLL_CTL_ADD, ends[0], &event); }
CASE(two_at_once) { int from = CALL(openat, AT_FDCWD, "letters", O_RDONLY), to = CALL(openat, AT_FDCWD, "sent", O_RDWR | O_CREAT, 0600); CALL(sendfile, to, from, NULL, 3); CALL(linkat, AT_FDCWD, "sent", AT_FDCWD, "again", 0); CALL(renameat2, AT_FDCWD, "again", AT_FDCWD, "anew", 0); CALL(unlink, "sent"); CALL(unlink, "anew"); CALL(mmap, NULL, 4096, PROT_READ, MAP_PRIVATE, from, 0); }
