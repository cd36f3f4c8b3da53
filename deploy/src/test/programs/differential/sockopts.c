/* setsockopt and getsockopt. */
#include "case.h"
#include <linux/filter.h>
#include <linux/if_packet.h>
#include <linux/netlink.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <netinet/udp.h>
#include <sys/socket.h>
#include <sys/time.h>

#define SET(L, N, V) ({ __typeof__(V) v_ = (V); CALL(setsockopt, fd, L, N, &v_, sizeof(v_)); })
#define GET(L, N, SIZE) ({ char v_[256] = { 0 }; socklen_t n_ = SIZE; CALL(getsockopt, fd, L, N, v_, &n_); })
#define TCP int fd = CALL(socket, AF_INET, SOCK_STREAM, 0)

CASE(set_socket) { TCP; SET(SOL_SOCKET, SO_REUSEADDR, 1); SET(SOL_SOCKET, SO_KEEPALIVE, 1); SET(SOL_SOCKET, SO_SNDBUF, 4096); SET(SOL_SOCKET, SO_BROADCAST, 0); SET(SOL_SOCKET, SO_PRIORITY, 5); SET(SOL_SOCKET, SO_REUSEPORT, 1); SET(SOL_SOCKET, SO_MARK, 7); }
CASE(get_socket) { TCP; for (int i = 1; i <= 20; i++) GET(SOL_SOCKET, i, 4); }
CASE(get_socket_more) { TCP; for (int i = 21; i <= 76; i++) if (i != 57) GET(SOL_SOCKET, i, 4); }
CASE(linger) { TCP; struct linger l = { 1, 5 }; SET(SOL_SOCKET, SO_LINGER, l); GET(SOL_SOCKET, SO_LINGER, 8); GET(SOL_SOCKET, SO_LINGER, 4); CALL(setsockopt, fd, SOL_SOCKET, SO_LINGER, &l, 4); }
CASE(timeouts) { TCP; struct timeval t = { 3, 4000 }; SET(SOL_SOCKET, SO_RCVTIMEO, t); GET(SOL_SOCKET, SO_RCVTIMEO, 16); SET(SOL_SOCKET, SO_SNDTIMEO, 5); GET(SOL_SOCKET, SO_SNDTIMEO, 8); }
CASE(peercred) { int fd = -1, ends[2]; CALL(socketpair, AF_UNIX, SOCK_STREAM, 0, ends); fd = ends[0]; GET(SOL_SOCKET, SO_PEERCRED, 12); GET(SOL_SOCKET, SO_PEERCRED, 8); GET(SOL_SOCKET, SO_PEERSEC, 64); GET(SOL_SOCKET, SO_PEERGROUPS, 64); GET(SOL_SOCKET, SO_ERROR, 4); GET(SOL_SOCKET, SO_TYPE, 4); GET(SOL_SOCKET, SO_DOMAIN, 4); GET(SOL_SOCKET, SO_PROTOCOL, 4); }
CASE(filter) { TCP; struct sock_filter code[] = { BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 0), BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 7, 0, 1), BPF_STMT(BPF_RET | BPF_K, 65535), BPF_STMT(BPF_RET | BPF_A, 0) }; struct sock_fprog program = { 4, code }; SET(SOL_SOCKET, SO_ATTACH_FILTER, program); GET(SOL_SOCKET, SO_GET_FILTER, 2); SET(SOL_SOCKET, SO_DETACH_FILTER, 0); }
CASE(ip) { TCP; SET(IPPROTO_IP, IP_TOS, 16); SET(IPPROTO_IP, IP_TTL, 60); SET(IPPROTO_IP, IP_MTU_DISCOVER, 2); for (int i = 1; i <= 26; i++) GET(IPPROTO_IP, i, 4); }
CASE(ip_multicast) { int fd = CALL(socket, AF_INET, SOCK_DGRAM, 0); struct ip_mreq m = { { htonl(0xe0000001) }, { htonl(0x7f000001) } }; struct ip_mreqn n = { { htonl(0xe0000002) }, { 0 }, 1 }; SET(IPPROTO_IP, IP_ADD_MEMBERSHIP, m); SET(IPPROTO_IP, IP_DROP_MEMBERSHIP, m); SET(IPPROTO_IP, IP_MULTICAST_IF, n); SET(IPPROTO_IP, IP_MULTICAST_TTL, 1); SET(IPPROTO_IP, IP_MULTICAST_LOOP, 0); }
CASE(ipv6) { int fd = CALL(socket, AF_INET6, SOCK_DGRAM, 0); struct ipv6_mreq m = { { { { 0xff, 2, [15] = 1 } } }, 1 }; SET(IPPROTO_IPV6, IPV6_V6ONLY, 1); SET(IPPROTO_IPV6, IPV6_JOIN_GROUP, m); SET(IPPROTO_IPV6, IPV6_UNICAST_HOPS, 9); SET(IPPROTO_IPV6, IPV6_RECVPKTINFO, 1); GET(IPPROTO_IPV6, IPV6_V6ONLY, 4); GET(IPPROTO_IPV6, IPV6_MTU, 4); GET(IPPROTO_IPV6, 77, 4); GET(IPPROTO_IPV6, IPV6_TCLASS, 4); }
CASE(tcp) { TCP; SET(IPPROTO_TCP, TCP_NODELAY, 1); SET(IPPROTO_TCP, TCP_CORK, 0); SET(IPPROTO_TCP, TCP_KEEPIDLE, 60); SET(IPPROTO_TCP, TCP_DEFER_ACCEPT, 1); for (int i = 1; i <= 13; i++) if (i != 11) GET(IPPROTO_TCP, i, 16); CALL(setsockopt, fd, IPPROTO_TCP, TCP_CONGESTION, "cubic", 5); }
CASE(tcp_more) { TCP; for (int i = 14; i <= 37; i++) if (i != 24 && i != 26 && i != 35) GET(IPPROTO_TCP, i, 4); }
CASE(udp) { int fd = CALL(socket, AF_INET, SOCK_DGRAM, 0); SET(IPPROTO_UDP, 1, 1); SET(IPPROTO_UDP, 100, 1); GET(IPPROTO_UDP, 103, 4); GET(IPPROTO_UDP, 99, 4); }
CASE(netlink) { int fd = CALL(socket, AF_NETLINK, SOCK_RAW, NETLINK_ROUTE); SET(SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, 1); SET(SOL_NETLINK, NETLINK_EXT_ACK, 1); SET(SOL_NETLINK, NETLINK_GET_STRICT_CHK, 1); GET(SOL_NETLINK, NETLINK_LIST_MEMBERSHIPS, 8); GET(SOL_NETLINK, NETLINK_NO_ENOBUFS, 4); GET(SOL_NETLINK, 77, 4); }
CASE(packet) { int fd = CALL(socket, AF_PACKET, SOCK_RAW, 0); struct packet_mreq m = { 1, PACKET_MR_PROMISC, 0, { 0 } }; SET(SOL_PACKET, PACKET_ADD_MEMBERSHIP, m); SET(SOL_PACKET, PACKET_VERSION, 2); GET(SOL_PACKET, PACKET_STATISTICS, 8); GET(SOL_PACKET, PACKET_AUXDATA, 4); GET(SOL_PACKET, 77, 4); }
CASE(levels) { int fd = -1; static const int levels[] = { 0, 1, 2, 3, 6, 17, 41, 58, 132, 136, 255, 256, 257, 258, 262, 263, 264, 265, 266, 268, 269, 270, 271, 272, 273, 274, 275, 276, 277, 278, 279, 280, 281, 282, 283, 284, 285, 999 }; for (unsigned i = 0; i < sizeof(levels) / sizeof(*levels); i++) { GET(levels[i], 1, 4); SET(levels[i], 3, 1); } }
CASE(bad) { TCP; socklen_t n = 4; int v = 1; CALL(setsockopt, fd, SOL_SOCKET, SO_REUSEADDR, NULL, 4); CALL(setsockopt, fd, SOL_SOCKET, SO_REUSEADDR, NOWHERE, 4); CALL(setsockopt, fd, SOL_SOCKET, SO_REUSEADDR, &v, 2); CALL(setsockopt, fd, SOL_SOCKET, SO_REUSEADDR, &v, 0); CALL(setsockopt, fd, SOL_SOCKET, SO_REUSEADDR, &v, -1); CALL(setsockopt, fd, SOL_SOCKET, 9999, &v, 4); CALL(getsockopt, fd, SOL_SOCKET, SO_TYPE, NULL, &n); CALL(getsockopt, fd, SOL_SOCKET, SO_TYPE, &v, NULL); CALL(getsockopt, fd, SOL_SOCKET, SO_TYPE, NOWHERE, &n); n = 2; CALL(getsockopt, fd, SOL_SOCKET, SO_TYPE, &v, &n); n = 0; CALL(getsockopt, fd, SOL_SOCKET, SO_TYPE, &v, &n); }
CASE(device) { TCP; CALL(setsockopt, fd, SOL_SOCKET, SO_BINDTODEVICE, "lo", 3); GET(SOL_SOCKET, SO_BINDTODEVICE, 16); CALL(setsockopt, fd, SOL_SOCKET, SO_BINDTODEVICE, "nonesuch", 8); }
