package dev.rastro.syscalls.text;

import static dev.rastro.syscalls.record.RecordBuilder.bytes;
import static dev.rastro.syscalls.record.RecordBuilder.ints;
import static dev.rastro.syscalls.record.RecordBuilder.longs;
import static dev.rastro.syscalls.text.GoldenLine.A;
import static dev.rastro.syscalls.text.GoldenLine.B;
import static dev.rastro.syscalls.text.GoldenLine.C;
import static dev.rastro.syscalls.text.GoldenLine.call;
import static dev.rastro.syscalls.text.GoldenLine.check;

import org.junit.jupiter.api.Test;

/** Expected lines were printed by strace 6.1; "lo" is interface 1 everywhere. */
final class NetworkLineTest {
  private static final String BAD = " = -1 EBADF (Bad file descriptor)";

  private static void address(String expected, int length, String memory) {
    check(
        "connect(-1, " + expected + ", " + length + ")" + BAD,
        call("connect", -9, -1, A, length).memory(1, A, bytes(memory)));
  }

  @Test
  void writesAddressesOfRarerFamilies() {
    address(
        "{sa_family=AF_VSOCK, svm_cid=VMADDR_CID_HOST, svm_port=0x4d2, svm_flags=0}",
        16,
        "\50\0\0\0\322\4\0\0\2\0\0\0\0\0\0\0");
    address(
        "{sa_family=AF_VSOCK, svm_reserved1=0x5, svm_cid=VMADDR_CID_ANY,"
            + " svm_port=VMADDR_PORT_ANY, svm_flags=0}",
        16,
        "\50\0\5\0\377\377\377\377\377\377\377\377\0\0\0\0");
    address(
        "{sa_family=AF_XDP, sxdp_flags=XDP_SHARED_UMEM|XDP_COPY,"
            + " sxdp_ifindex=if_nametoindex(\"lo\"), sxdp_queue_id=2, sxdp_shared_umem_fd=0x5}",
        16,
        "\54\0\3\0\1\0\0\0\2\0\0\0\5\0\0\0");
    address(
        "{sa_family=AF_BLUETOOTH, rc_bdaddr=01:02:03:04:05:06, rc_channel=7}",
        10,
        "\37\0\1\2\3\4\5\6\7\0");
    address(
        "{sa_family=AF_BLUETOOTH, hci_dev=htobs(1), hci_channel=HCI_CHANNEL_USER}",
        6,
        "\37\0\1\0\1\0");
    address(
        "{sa_family=AF_BLUETOOTH, l2_psm=htobs(L2CAP_PSM_DYN_START),"
            + " l2_bdaddr=01:02:03:04:05:06, l2_cid=htobs(L2CAP_CID_ATT),"
            + " l2_bdaddr_type=BDADDR_LE_PUBLIC}",
        14,
        "\37\0\1\20\1\2\3\4\5\6\4\0\1\0");
    address(
        "{sa_family=AF_AX25, sax25_call=ABC-1, sax25_ndigis=0}",
        16,
        "\3\0\202\204\206@@@\2\0\0\0\0\0\0\0");
  }

  @Test
  void writesPacketAddresses() {
    address(
        "{sa_family=AF_PACKET, sll_protocol=htons(ETH_P_ALL),"
            + " sll_ifindex=if_nametoindex(\"lo\"), sll_hatype=ARPHRD_ETHER,"
            + " sll_pkttype=PACKET_HOST, sll_halen=6, sll_addr=[0x1, 0x2, 0x3, 0xff, 0x5, 0x6]}",
        20,
        "\21\0\0\3\1\0\0\0\1\0\0\6\1\2\3\377\5\6\7\10");
    address(
        "{sa_family=AF_PACKET, sa_data=\"\\0224M\\0\\0\\0\\17'\\t\\24\\1\\2\"}",
        14,
        "\21\0\0224M\0\0\0\17'\t\24\1\2");
  }

  @Test
  void namesTheInterfaceOfALinkLocalAddress() {
    address(
        "{sa_family=AF_INET6, sin6_port=htons(53), sin6_flowinfo=htonl(7), inet_pton(AF_INET6,"
            + " \"fe80::1\", &sin6_addr), sin6_scope_id=if_nametoindex(\"lo\")}",
        28,
        "\12\0\0\65\0\0\0\7\376\200\0\0\0\0\0\0\0\0\0\0\0\0\0\1\1\0\0\0");
    address(
        "{sa_family=AF_INET6, sin6_port=htons(53), sin6_flowinfo=htonl(7), inet_pton(AF_INET6,"
            + " \"2001:db8::1\", &sin6_addr), sin6_scope_id=1}",
        28,
        "\12\0\0\65\0\0\0\7\40\1\15\270\0\0\0\0\0\0\0\0\0\0\0\1\1\0\0\0");
    check(
        "connect(-1, 0x7ffc0b812508, -1)" + BAD,
        call("connect", -9, -1, A, -1).memory(1, A, bytes("\12\0\0\65")));
  }

  @Test
  void writesProtocolsByFamily() {
    check("socket(AF_PACKET, SOCK_RAW, htons(ETH_P_ALL)) = 4", call("socket", 4, 17, 3, 0x300));
    check("socket(AF_PACKET, SOCK_RAW, htons(0 /* ETH_P_??? */)) = 7", call("socket", 7, 17, 3, 0));
    check("socket(AF_BLUETOOTH, SOCK_RAW, BTPROTO_HCI) = 7", call("socket", 7, 31, 3, 1));
    check("socket(AF_CAN, SOCK_RAW, CAN_RAW) = 7", call("socket", 7, 29, 3, 1));
  }

  @Test
  void writesSocketOptionsByTheirShape() {
    check(
        "setsockopt(3, SOL_SOCKET, SO_LINGER, {l_onoff=1, l_linger=5}, 8) = 0",
        call("setsockopt", 0, 3, 1, 13, A, 8).memory(3, A, ints(1, 5)));
    check(
        "getsockopt(3, SOL_SOCKET, SO_LINGER, {l_onoff=1, l_linger=\"\\x05\\x00\"}, [6]) = 0",
        call("getsockopt", 0, 3, 1, 13, A, B)
            .memory(3, A, bytes("\1\0\0\0\5\0"))
            .atEntry(4, B, ints(6))
            .memory(4, B, ints(6)));
    check(
        "setsockopt(3, SOL_SOCKET, SO_RCVTIMEO_OLD,"
            + " \"\\1\\0\\0\\0\\0\\0\\0\\0 \\241\\7\\0\\0\\0\\0\\0\", 16) = 0",
        call("setsockopt", 0, 3, 1, 20, A, 16).memory(3, A, longs(1, 500000)));
    check(
        "setsockopt(4, SOL_IP, IP_ADD_MEMBERSHIP, {imr_multiaddr=inet_addr(\"224.0.0.1\"),"
            + " imr_interface=inet_addr(\"0.0.0.0\")}, 8) = 0",
        call("setsockopt", 0, 4, 0, 35, A, 8).memory(3, A, ints(0x010000e0, 0)));
    check(
        "setsockopt(7, SOL_PACKET, PACKET_ADD_MEMBERSHIP, {mr_ifindex=if_nametoindex(\"lo\"),"
            + " mr_type=PACKET_MR_PROMISC, mr_alen=6, mr_address=01:02:03:00:00:00}, 16) = 0",
        call("setsockopt", 0, 7, 263, 1, A, 16)
            .memory(3, A, bytes("\1\0\0\0\1\0\6\0\1\2\3\0\0\0\0\0")));
    check(
        "setsockopt(3, 0x3e7 /* SOL_?? */, 9, \"abcdefg\", 7) = -1 ENOPROTOOPT (Protocol not"
            + " available)",
        call("setsockopt", -92, 3, 999, 9, A, 7).memory(3, A, bytes("abcdefg")));
    check(
        "setsockopt(4, SOL_IP, IP_TOS, \"\\1\", 1) = 0",
        call("setsockopt", 0, 4, 0, 1, A, 1).memory(3, A, bytes("\1")));
  }

  @Test
  void writesControlMessages() {
    control("{cmsg_len=20, cmsg_level=SOL_IP, cmsg_type=IP_TTL, cmsg_data=[64]}", 20, 0, 2, 64);
    control(
        "{cmsg_len=20, cmsg_level=SOL_SOCKET, cmsg_type=SCM_RIGHTS, cmsg_data=[5]}", 20, 1, 1, 5);
    control(
        "{cmsg_len=28, cmsg_level=SOL_IP, cmsg_type=IP_PKTINFO,"
            + " cmsg_data={ipi_ifindex=if_nametoindex(\"lo\"),"
            + " ipi_spec_dst=inet_addr(\"127.0.0.1\"), ipi_addr=inet_addr(\"0.0.0.0\")}}",
        28,
        0,
        8,
        1,
        0x0100007f,
        0);
    control(
        "{cmsg_len=32, cmsg_level=SOL_SOCKET, cmsg_type=SO_TIMESTAMPNS_OLD, cmsg_data={tv_sec=7,"
            + " tv_nsec=8}}",
        32,
        1,
        35,
        7,
        0,
        8,
        0);
    control("{cmsg_len=36, cmsg_level=SOL_IPV6, cmsg_type=0x32}", 36, 41, 50, 1, 2, 3, 4, 5);
  }

  private static void control(String expected, int length, int level, int type, int... data) {
    int[] message = new int[4 + data.length];
    message[0] = length;
    message[2] = level;
    message[3] = type;
    System.arraycopy(data, 0, message, 4, data.length);
    int controlLength = message.length * Integer.BYTES;
    check(
        "sendmsg(14, {msg_name=NULL, msg_namelen=0, msg_iov=[{iov_base=\"abc\", iov_len=3}],"
            + " msg_iovlen=1, msg_control=["
            + expected
            + "], msg_controllen="
            + controlLength
            + ", msg_flags=0}, 0) = 3",
        call("sendmsg", 3, 14, A, 0)
            .memory(1, A, longs(0, 0, B, 1, C + 64, controlLength, 0))
            .memory(1, B, longs(C, 3))
            .memory(1, C, bytes("abc"))
            .memory(1, C + 64, ints(message)));
  }

  @Test
  void writesAllMessagesOfSendmmsgButTheLengthOfThoseSent() {
    check(
        "sendmmsg(8, [{msg_hdr={msg_name=NULL, msg_namelen=0, msg_iov=[{iov_base=\"aaa\","
            + " iov_len=3}], msg_iovlen=1, msg_controllen=0, msg_flags=0}, msg_len=3},"
            + " {msg_hdr={msg_name=NULL, msg_namelen=0, msg_iov=[{iov_base=\"aaa\", iov_len=3}],"
            + " msg_iovlen=1, msg_controllen=0, msg_flags=0}}], 2, 0) = 1",
        call("sendmmsg", 1, 8, A, 2, 0)
            .memory(1, A, longs(0, 0, B, 1, 0, 0, 0, 3, 0, 0, B, 1, 0, 0, 0, 0))
            .memory(1, B, longs(C, 3))
            .memory(1, C, bytes("aaa")));
    check("sendmmsg(3, [], 0, 0) = 0", call("sendmmsg", 0, 3, A, 0, 0));
    check("recvmmsg(4, [], 0, 0, NULL) = 0 (Timeout)", call("recvmmsg", 0, 4, A, 0, 0, 0));
  }
}
