package dev.rastro.syscalls.text;

import static dev.rastro.syscalls.text.GoldenLine.A;
import static dev.rastro.syscalls.text.GoldenLine.call;
import static dev.rastro.syscalls.text.GoldenLine.check;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import dev.rastro.syscalls.record.DescriptorBytes;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What is sent and received on sockets that the capture program calls netlink. */
final class NetlinkLineTest {
  private static final int AF_NETLINK = 16;
  private static final int AF_INET = 2;
  private static final int ROUTE = 0;
  private static final int UEVENT = 15;
  private static final int GENERIC = 16;
  private static final String DUMP = "140000001200010301000000000000000000";

  static Stream<Arguments> messages() throws IOException {
    try (InputStream file = NetlinkLineTest.class.getResourceAsStream("netlink.txt")) {
      assertNotNull(file);
      List<String> lines =
          new BufferedReader(new InputStreamReader(file, UTF_8))
              .lines()
              .filter(line -> !line.isEmpty() && !line.startsWith("#"))
              .toList();
      return Stream.iterate(0, at -> at < lines.size(), at -> at + 2)
          .map(
              at -> {
                String[] message = lines.get(at).split(" ", 2);
                return Arguments.of(Integer.parseInt(message[0]), message[1], lines.get(at + 1));
              });
    }
  }

  @ParameterizedTest
  @MethodSource("messages")
  void tellsMessagesAndTheirAttributes(int protocol, String message, String told) {
    sent(told, AF_NETLINK, protocol, message);
  }

  private static void sent(String told, int family, int protocol, String message) {
    byte[] bytes = HexFormat.of().parseHex(message);
    int length = bytes.length;
    check(
        "sendto(3, " + told + ", " + length + ", 0, NULL, 0) = " + length,
        DescriptorBytes.socket(family, "NETLINK")
            .protocol(protocol)
            .to(call("sendto", length, 3, A, length), 0, 3)
            .memory(1, A, bytes));
  }

  /** As strace tells what it does not know; here they are told, by linux/genetlink.h. */
  @Test
  void tellsWhatTheControllerOfGenericNetlinkIsAsked() {
    sent(
        "[{nlmsg_len=32, nlmsg_type=nlctrl, nlmsg_flags=NLM_F_REQUEST, nlmsg_seq=1, nlmsg_pid=0},"
            + " {cmd=CTRL_CMD_GETFAMILY, version=2},"
            + " [{nla_len=11, nla_type=CTRL_ATTR_FAMILY_NAME}, \"nlctrl\"]]",
        AF_NETLINK,
        GENERIC,
        "2000000010000100010000000000000003020000" + "0b0002006e6c6374726c0000");
  }

  @Test
  void whatIsNotNetlinkIsText() {
    String text = "\"\\24\\0\\0\\0\\22\\0\\1\\3\\1\\0\\0\\0\\0\\0\\0\\0\\0\\0\"";
    sent(text, AF_INET, ROUTE, DUMP);
    sent(text, AF_NETLINK, UEVENT, DUMP);
  }
}
