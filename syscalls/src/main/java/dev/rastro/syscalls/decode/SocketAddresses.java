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
  private static final int PACKET_BYTES = 12;

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
          case "AF_PACKET" -> packet(walk, at, length);
          default -> false;
        };
    if (!known && length > FAMILY_BYTES) {
      sink.field("sa_data");
      sink.string(
          walk.memory().buffer(), at + FAMILY_BYTES, length - FAMILY_BYTES, false, Quote.BYTES);
    }
    sink.endStruct(true);
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
    StringBuilder words = walk.words().append("inet_addr(\"");
    InternetAddresses.dotted(words, walk.memory().buffer(), at + 4);
    walk.sink().field("sin_addr");
    walk.sink().phrase(walk.unsigned(at + 4, Integer.BYTES), words.append("\")"));
    return true;
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
    StringBuilder words = walk.words().append("inet_pton(AF_INET6, \"");
    InternetAddresses.colons(words, walk.memory().buffer(), at + 8);
    sink.unnamedField("sin6_addr");
    sink.phrase(0, words.append("\", &sin6_addr)"));
    if (length >= INET6_BYTES) {
      sink.field("sin6_scope_id");
      sink.number(walk.unsigned(at + 24, Integer.BYTES), Kind.Format.DECIMAL, false);
    }
    return true;
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
      walk.sink().string(memory, path, walk.terminated(path, pathLength), false, Quote.PATH);
    }
    return true;
  }

  private static boolean netlink(Walk walk, int at, int length) {
    if (length < NETLINK_BYTES) {
      return false;
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

  private static boolean packet(Walk walk, int at, int length) {
    if (length < PACKET_BYTES) {
      return false;
    }
    Sink sink = walk.sink();
    int protocol = walk.bigEndian16(at + 2);
    StringBuilder words = walk.words().append("htons(");
    String name = Walk.choice(walk.names("ethernet_protocol"), protocol);
    if (name.isEmpty()) {
      Walk.hex(words, protocol);
    } else {
      words.append(name);
    }
    sink.field("sll_protocol");
    sink.phrase(protocol, words.append(')'));
    sink.field("sll_ifindex");
    sink.number(walk.signed32(at + 4), Kind.Format.DECIMAL, true);
    sink.field("sll_hatype");
    sink.named(walk.unsigned(at + 8, Short.BYTES), walk.names("arp_hardware"));
    sink.field("sll_pkttype");
    sink.named(walk.unsigned(at + 10, 1), walk.names("packet_type"));
    int addressLength = (int) walk.unsigned(at + 11, 1);
    sink.field("sll_halen");
    sink.number(addressLength, Kind.Format.DECIMAL, false);
    int there = Math.min(addressLength, length - PACKET_BYTES);
    if (there > 0) {
      sink.field("sll_addr");
      sink.beginArray();
      for (int i = 0; i < there; i++) {
        sink.element();
        sink.number(walk.unsigned(at + PACKET_BYTES + i, 1), Kind.Format.HEX, false);
      }
      sink.endArray(true);
    }
    return true;
  }
}
