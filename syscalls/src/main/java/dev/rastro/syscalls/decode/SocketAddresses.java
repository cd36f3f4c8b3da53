package dev.rastro.syscalls.decode;

import dev.rastro.syscalls.table.Kind;
import java.nio.ByteBuffer;

/** struct sockaddr by family. Layouts: linux/in.h, in6.h, un.h, netlink.h, if_packet.h. */
final class SocketAddresses {
  private static final int FAMILY_BYTES = 2;
  private static final int INET_BYTES = 16;
  private static final int INET6_LEAST_BYTES = 24;
  private static final int INET6_BYTES = 28;
  private static final int NETLINK_BYTES = 12;

  private SocketAddresses() {}

  /**
   * @param length of the address, family included; at least 2
   */
  static void tell(Walk walk, int at, int length) {
    Sink sink = walk.sink();
    long family = walk.unsigned(at, FAMILY_BYTES);
    sink.beginStruct();
    sink.field("sa_family");
    sink.named(family, walk.names("socket_family"));
    String name = Walk.choice(walk.names("socket_family"), family);
    boolean known =
        switch (name) {
          case "AF_INET" -> inet(walk, at, length);
          case "AF_INET6" -> inet6(walk, at, length);
          case "AF_UNIX" -> unix(walk, at, length);
          case "AF_NETLINK" -> netlink(walk, at, length);
          default -> OtherAddresses.tell(walk, name, at, length);
        };
    if (!known && length > FAMILY_BYTES) {
      sink.field("sa_data");
      sink.string(
          walk.memory().buffer(), at + FAMILY_BYTES, length - FAMILY_BYTES, false, Quote.PATH);
    }
    sink.endStruct(!known || !OtherAddresses.hasMore(name, length));
  }

  private static void port(Walk walk, String field, int at) {
    int port = walk.bigEndian16(at);
    walk.sink().field(field);
    walk.sink().phrase(port, walk.words().append("htons(").append(port).append(')'));
  }

  private static boolean inet(Walk walk, int at, int length) {
    if (length < INET_BYTES) {
      return false;
    }
    port(walk, "sin_port", at + 2);
    walk.sink().field("sin_addr");
    inetAddress(walk, at + 4);
    return true;
  }

  /** {@code inet_addr("127.0.0.1")}. */
  static void inetAddress(Walk walk, int at) {
    StringBuilder words = walk.words().append("inet_addr(\"");
    InternetAddresses.dotted(words, walk.memory().buffer(), at);
    walk.sink().phrase(walk.unsigned(at, Integer.BYTES), words.append("\")"));
  }

  /** {@code inet_pton(AF_INET6, "::1", &sin6_addr)}, which names the field itself. */
  static void inet6Address(Walk walk, int at, String field) {
    StringBuilder words = walk.words().append("inet_pton(AF_INET6, \"");
    InternetAddresses.colons(words, walk.memory().buffer(), at);
    walk.sink().phrase(0, words.append("\", &").append(field).append(')'));
  }

  private static boolean inet6(Walk walk, int at, int length) {
    if (length < INET6_LEAST_BYTES) {
      return false;
    }
    Sink sink = walk.sink();
    port(walk, "sin6_port", at + 2);
    int flow = Integer.reverseBytes(walk.signed32(at + 4));
    sink.field("sin6_flowinfo");
    sink.phrase(
        flow, walk.words().append("htonl(").append(Integer.toUnsignedLong(flow)).append(')'));
    sink.unnamedField("sin6_addr");
    inet6Address(walk, at + 8, "sin6_addr");
    if (length >= INET6_BYTES) {
      sink.field("sin6_scope_id");
      long scope = walk.unsigned(at + 24, Integer.BYTES);
      if (isLocal(walk, at + 8)) {
        InterfaceIndexes.tell(walk, scope);
      } else {
        sink.number(scope, Kind.Format.DECIMAL, false);
      }
    }
    return true;
  }

  /** fe80::/10 and ff02::/16: the scope is an interface. */
  private static boolean isLocal(Walk walk, int at) {
    int first = walk.bigEndian16(at);
    return (first & 0xffc0) == 0xfe80 || (first & 0xff0f) == 0xff02;
  }

  private static boolean unix(Walk walk, int at, int length) {
    if (length == FAMILY_BYTES) {
      return true;
    }
    ByteBuffer memory = walk.memory().buffer();
    int path = at + FAMILY_BYTES;
    int pathLength = length - FAMILY_BYTES;
    walk.sink().field("sun_path");
    if (memory.get(path) == 0) {
      walk.sink().string(memory, path + 1, pathLength - 1, false, Quote.ABSTRACT);
    } else {
      walk.sink()
          .string(memory, path, walk.pointers().terminated(path, pathLength), false, Quote.PATH);
    }
    return true;
  }

  private static boolean netlink(Walk walk, int at, int length) {
    if (length < NETLINK_BYTES) {
      return false;
    }
    long padding = walk.unsigned(at + 2, Short.BYTES);
    if (padding != 0) {
      walk.sink().field("nl_pad");
      walk.sink().number(padding, Kind.Format.HEX, false);
    }
    walk.sink().field("nl_pid");
    walk.sink().number(walk.signed32(at + 4), Kind.Format.DECIMAL, true);
    long groups = walk.unsigned(at + 8, Integer.BYTES);
    StringBuilder words = walk.words();
    if (groups == 0) {
      words.append("00000000");
    } else {
      words.append("0x");
      int digits = Math.max(6, (67 - Long.numberOfLeadingZeros(groups)) / 4);
      for (int shift = 4 * (digits - 1); shift >= 0; shift -= 4) {
        words.append(Character.forDigit((int) (groups >>> shift) & 0xf, 16));
      }
    }
    walk.sink().field("nl_groups");
    walk.sink().phrase(groups, words);
    return true;
  }
}
