package dev.rastro.syscalls.decode;

import dev.rastro.syscalls.table.Kind;

/** Values in netlink messages that fields alone cannot say. */
final class NetlinkValues {
  private static final int AF_INET = 2;
  private static final int AF_INET6 = 10;
  private static final int INET_BYTES = 4;
  private static final int INET6_BYTES = 16;
  private static final int NEXT_HOP_BYTES = 8;
  private static final int PADDED_DIGITS = 6;

  private NetlinkValues() {}

  static void register(Specials specials) {
    specials.add("if_index", (walk, index) -> InterfaceIndexes.tell(walk, index));
    specials.add("be16", NetlinkValues::port);
    specials.add("be16_ethernet", NetlinkValues::ethernet);
    specials.add("be64", NetlinkValues::bigEndian64);
    specials.add("padded_hex", NetlinkValues::padded);
    specials.add("hardware_address6", (Special.InMemory) NetlinkValues::octets);
    specials.add("hardware_address32", (Special.InMemory) NetlinkValues::octets);
    specials.add("in6_address", (Special.InMemory) NetlinkValues::inet6);
    specials.add("diag_options", NetlinkValues::diagOptions);
    specials.addStruct("inet_diag_sockid", NetlinkValues::socketId);
  }

  private static void port(Walk walk, long value) {
    int number = Short.toUnsignedInt(Short.reverseBytes((short) value));
    walk.sink().phrase(number, walk.words().append("htons(").append(number).append(')'));
  }

  private static void ethernet(Walk walk, long value) {
    int number = Short.toUnsignedInt(Short.reverseBytes((short) value));
    String name = Walk.choice(walk.names("ethernet_protocol"), number);
    StringBuilder words = walk.words().append("htons(");
    if (name.isEmpty()) {
      Walk.hex(words, number);
      words.append(" /* ").append(walk.names("ethernet_protocol").prefix()).append(" */");
    } else {
      words.append(name);
    }
    walk.sink().phrase(number, words.append(')'));
  }

  private static void bigEndian64(Walk walk, long value) {
    long number = Long.reverseBytes(value);
    StringBuilder words = walk.words().append("htobe64(");
    walk.sink().phrase(number, words.append(Long.toUnsignedString(number)).append(')'));
  }

  private static void padded(Walk walk, long value) {
    StringBuilder words = walk.words().append("0x");
    String digits = Long.toHexString(value);
    words.append("0".repeat(Math.max(0, PADDED_DIGITS - digits.length())));
    walk.sink().phrase(value, words.append(digits));
  }

  /** {@code 02:fc:00:00:00:05}. */
  static boolean octets(Walk walk, int at, int length) {
    StringBuilder words = walk.words();
    for (int i = 0; i < length; i++) {
      int octet = (int) walk.unsigned(at + i, 1);
      words.append(i == 0 ? "" : ":");
      words.append(Character.forDigit(octet >> 4, 16)).append(Character.forDigit(octet & 15, 16));
    }
    walk.sink().phrase(0, words);
    return true;
  }

  private static boolean inet6(Walk walk, int at, int length) {
    return length >= INET6_BYTES && address(walk, AF_INET6, at, length);
  }

  /** An address of the message's family; false when it is of another or there is too little. */
  static boolean address(Walk walk, long family, int at, int length) {
    if (family == AF_INET && length >= INET_BYTES) {
      SocketAddresses.inetAddress(walk, at);
      return true;
    }
    if (family == AF_INET6 && length >= INET6_BYTES) {
      StringBuilder words = walk.words().append("inet_pton(AF_INET6, \"");
      InternetAddresses.colons(words, walk.memory().buffer(), at);
      walk.sink().phrase(0, words.append("\")"));
      return true;
    }
    return false;
  }

  /** Those kinds whose length is not fixed. */
  static boolean tell(Walk walk, String kind, int at, int length) {
    return switch (kind) {
      case "next_hops" -> nextHops(walk, at, length);
      case "route_via" -> via(walk, at, length);
      case "diag_name" -> socketName(walk, at, length);
      default -> ticks(walk, at, length);
    };
  }

  private static boolean nextHops(Walk walk, int at, int length) {
    if (length < NEXT_HOP_BYTES) {
      return false;
    }
    int said = (int) walk.unsigned(at, Short.BYTES);
    boolean several = said >= NEXT_HOP_BYTES && length - aligned(said) >= NEXT_HOP_BYTES;
    if (!several) {
      walk.structs().inline(walk.kind("rtnexthop"), at);
      return true;
    }
    walk.sink().beginArray();
    int next = at;
    int rest = length;
    while (rest >= NEXT_HOP_BYTES) {
      walk.sink().element();
      walk.structs().inline(walk.kind("rtnexthop"), next);
      int bytes = Math.max(NEXT_HOP_BYTES, aligned((int) walk.unsigned(next, Short.BYTES)));
      next += bytes;
      rest -= bytes;
    }
    walk.sink().endArray(true);
    return true;
  }

  private static int aligned(int bytes) {
    return (bytes + 3) & -4;
  }

  private static boolean via(Walk walk, int at, int length) {
    if (length < Short.BYTES) {
      return false;
    }
    Sink sink = walk.sink();
    long family = walk.unsigned(at, Short.BYTES);
    sink.beginStruct();
    sink.field("rtvia_family");
    sink.named(family, walk.names("socket_family"));
    if (length > Short.BYTES) {
      int from = at + Short.BYTES;
      sink.field("rtvia_addr");
      if (!address(walk, family, from, length - Short.BYTES)) {
        sink.string(walk.memory().buffer(), from, length - Short.BYTES, false, Quote.HEX);
      }
    }
    sink.endStruct(true);
    return true;
  }

  /** A unix socket's name, which is abstract when it begins with a NUL. */
  private static boolean socketName(Walk walk, int at, int length) {
    boolean hidden = walk.unsigned(at, 1) == 0;
    int end = hidden ? length - 1 : walk.pointers().terminated(at, length);
    walk.sink()
        .string(
            walk.memory().buffer(),
            hidden ? at + 1 : at,
            end,
            !hidden && end == length,
            hidden ? Quote.ABSTRACT : Quote.TEXT);
    return true;
  }

  /** A time in hundredths of a second, in as many bytes as the attribute has. */
  private static boolean ticks(Walk walk, int at, int length) {
    if (length > Long.BYTES) {
      return false;
    }
    long value = walk.little(at, length);
    walk.sink().number(value, Kind.Format.DECIMAL, false);
    Times.ticksComment(walk, value);
    return true;
  }

  /** Bits that are one each, the first seven. */
  private static void diagOptions(Walk walk, long value) {
    Sink sink = walk.sink();
    sink.beginStruct();
    for (int bit = 0; bit < DIAG_OPTIONS.length; bit++) {
      if ((value >> bit & 1) != 0) {
        sink.field(DIAG_OPTIONS[bit]);
        sink.number(1, Kind.Format.DECIMAL, false);
      }
    }
    sink.endStruct(true);
  }

  /** struct inet_diag_sockopt, linux/inet_diag.h: in the order of their bits. */
  private static final String[] DIAG_OPTIONS = {
    "recverr",
    "is_icsk",
    "freebind",
    "hdrincl",
    "mc_loop",
    "transparent",
    "mc_all",
    "nodefrag",
    "bind_address_no_port",
    "recverr_rfc4884",
    "defer_connect"
  };

  private static boolean socketId(Walk walk, int at, int length) {
    Sink sink = walk.sink();
    long family = walk.netlink().family();
    sink.beginStruct();
    sink.field("idiag_sport");
    port(walk, walk.unsigned(at, Short.BYTES));
    sink.field("idiag_dport");
    port(walk, walk.unsigned(at + 2, Short.BYTES));
    end(walk, family, "idiag_src", at + 4);
    end(walk, family, "idiag_dst", at + 20);
    sink.field("idiag_if");
    InterfaceIndexes.tell(walk, walk.unsigned(at + 36, Integer.BYTES));
    sink.field("idiag_cookie");
    walk.structs().array(walk.kind("uint"), at + 40, 8, 2, Structs.End.WHOLE, 0);
    sink.endStruct(true);
    return true;
  }

  private static void end(Walk walk, long family, String field, int at) {
    if (family == AF_INET6) {
      walk.sink().unnamedField(field);
      SocketAddresses.inet6Address(walk, at, field);
    } else {
      walk.sink().field(field);
      SocketAddresses.inetAddress(walk, at);
    }
  }
}
