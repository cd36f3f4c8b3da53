package dev.rastro.syscalls.decode;

import dev.rastro.syscalls.record.RecordReader;
import dev.rastro.syscalls.record.RecordReader.Phase;
import dev.rastro.syscalls.table.Kind;
import dev.rastro.syscalls.table.Names;
import java.util.Map;

/** Names and values of socket options, by level. */
final class SocketOptions {
  /** Levels and the sets of their options. */
  private static final Map<String, String> SETS =
      Map.ofEntries(
          Map.entry("SOL_SOCKET", "so_option"),
          Map.entry("SOL_TCP", "tcp_option"),
          Map.entry("SOL_IP", "ip_option"),
          Map.entry("SOL_IPV6", "ipv6_option"),
          Map.entry("SOL_UDP", "udp_option"),
          Map.entry("SOL_PACKET", "packet_option"),
          Map.entry("SOL_NETLINK", "netlink_option"),
          Map.entry("SOL_RAW", "raw_option"),
          Map.entry("SOL_ICMPV6", "icmpv6_option"),
          Map.entry("SOL_SCTP", "sctp_option"),
          Map.entry("SOL_ALG", "alg_option"),
          Map.entry("SOL_TLS", "tls_option"),
          Map.entry("SOL_XDP", "xdp_option"),
          Map.entry("SOL_IPX", "ipx_option"),
          Map.entry("SOL_AX25", "ax25_option"),
          Map.entry("SOL_IRDA", "irda_option"),
          Map.entry("SOL_LLC", "llc_option"),
          Map.entry("SOL_DCCP", "dccp_option"),
          Map.entry("SOL_TIPC", "tipc_option"),
          Map.entry("SOL_RXRPC", "rxrpc_option"),
          Map.entry("SOL_PPPOL2TP", "pppol2tp_option"),
          Map.entry("SOL_BLUETOOTH", "bluetooth_option"),
          Map.entry("SOL_PNPIPE", "pnpipe_option"),
          Map.entry("SOL_RDS", "rds_option"),
          Map.entry("SOL_IUCV", "iucv_option"),
          Map.entry("SOL_CAIF", "caif_option"),
          Map.entry("SOL_NFC", "nfc_option"),
          Map.entry("SOL_KCM", "kcm_option"),
          Map.entry("SOL_MPTCP", "mptcp_option"),
          Map.entry("SOL_MCTP", "mctp_option"));

  private static final int LEVEL = 1;
  private static final int OPTION = 2;
  private static final int LENGTH = 4;
  private static final int INET6_BYTES = 16;
  private static final int GROUP_AT = 8;
  private static final int FAMILY_BYTES = 2;
  private static final int HARDWARE_AT = 8;
  private static final int HARDWARE_BYTES = 8;

  private SocketOptions() {}

  static void register(Specials specials) {
    specials.add("socket_option", SocketOptions::option);
    specials.add("sockopt_value", SocketOptions::value);
  }

  private static Names names(Walk walk) {
    return walk.names(SETS.getOrDefault(walk.choice(LEVEL), ""));
  }

  /** What getsockopt of a filter asks for has a name of its own. */
  private static String name(Walk walk) {
    String name = Walk.choice(names(walk), walk.register(OPTION) & 0xffffffffL);
    return name.equals("SO_ATTACH_FILTER") && walk.call().name().equals("getsockopt")
        ? "SO_GET_FILTER"
        : name;
  }

  private static void option(Walk walk, long value) {
    Names names = names(walk);
    String name = name(walk);
    if (names.entries().isEmpty()) {
      walk.sink().number(Walk.extended(value), Kind.Format.DECIMAL, true);
    } else if (name.equals("SO_GET_FILTER")) {
      walk.sink().phrase(value, name);
    } else {
      walk.sink().named(value & 0xffffffffL, names);
    }
  }

  private static void value(Walk walk, long address) {
    boolean out = walk.phase() == Phase.OUT;
    String option = name(walk);
    if (address == 0
        || (out && walk.failed())
        || (!out && (int) walk.register(LENGTH) < 0)
        || option.equals("SO_GET_FILTER")) {
      walk.sink().address(address);
      return;
    }
    int segment = walk.find(address);
    if (segment == RecordReader.NO_SEGMENT) {
      if (!out && walk.register(LENGTH) == 0 && !isNumber(walk, option)) {
        walk.sink().string(walk.memory().buffer(), walk.memory().offset(), 0, false, Quote.BYTES);
      } else {
        walk.missing(address);
      }
      return;
    }
    int at = walk.memory().segmentData(segment);
    int length = walk.memory().segmentLength(segment);
    if (out && length == 0) {
      walk.unreadable(address);
    } else if (!known(walk, option, at, length, address)) {
      plain(walk, option, segment, address);
    }
  }

  /**
   * An option that has a shape of its own.
   *
   * @return false when it has none
   */
  private static boolean known(Walk walk, String option, int at, int length, long address) {
    String struct = struct(option);
    if (!struct.isEmpty() && walk.kind(struct) instanceof Kind.Struct kind) {
      if (length >= kind.sizeBytes()) {
        walk.structs().struct(kind, at, kind.sizeBytes());
      } else if (walk.phase() == Phase.OUT && isCut(option)) {
        cut(walk, kind, at, length);
      } else {
        walk.unreadable(address);
      }
      return true;
    }
    switch (option) {
      case "IP_ADD_MEMBERSHIP", "IP_DROP_MEMBERSHIP" -> {
        if (length < 2 * Integer.BYTES) {
          return false;
        }
        inetPair(walk, at);
      }
      case "IPV6_ADD_MEMBERSHIP",
          "IPV6_DROP_MEMBERSHIP",
          "IPV6_JOIN_ANYCAST",
          "IPV6_LEAVE_ANYCAST" -> {
        if (length < INET6_BYTES + Integer.BYTES) {
          return false;
        }
        inet6Group(walk, at);
      }
      case "MCAST_JOIN_GROUP", "MCAST_LEAVE_GROUP" -> {
        if (length < GROUP_AT + FAMILY_BYTES) {
          return false;
        }
        group(walk, at, length);
      }
      case "PACKET_ADD_MEMBERSHIP", "PACKET_DROP_MEMBERSHIP" -> {
        if (length < HARDWARE_AT + HARDWARE_BYTES) {
          return false;
        }
        packetMembership(walk, at);
      }
      case "ICMP_FILTER" -> {
        if (length < Integer.BYTES) {
          return false;
        }
        walk.sink().beginArray();
        walk.sink().element();
        walk.sink().named(walk.unsigned(at, Integer.BYTES), walk.names("icmp_filter"));
        walk.sink().endArray(true);
      }
      case "SO_TXREHASH" -> {
        if (length != Integer.BYTES) {
          return false;
        }
        walk.sink().beginArray();
        walk.sink().element();
        walk.sink().named(walk.unsigned(at, Integer.BYTES), walk.names("sock_txrehash"));
        walk.sink().endArray(true);
      }
      case "NETLINK_LIST_MEMBERSHIPS" -> {
        walk.sink().beginArray();
        for (int i = 0; i + Integer.BYTES <= length; i += Integer.BYTES) {
          walk.sink().element();
          walk.sink().number(walk.unsigned(at + i, Integer.BYTES), Kind.Format.DECIMAL, false);
        }
        walk.sink().endArray(true);
      }
      default -> {
        return false;
      }
    }
    return true;
  }

  private static String struct(String option) {
    return switch (option) {
      case "SO_LINGER" -> "linger";
      case "SO_PEERCRED" -> "ucred";
      case "SO_ATTACH_FILTER", "SO_ATTACH_REUSEPORT_CBPF" -> "sock_fprog";
      case "PACKET_STATISTICS" -> "tpacket_stats";
      case "PACKET_RX_RING", "PACKET_TX_RING" -> "tpacket_req";
      default -> "";
    };
  }

  private static boolean isCut(String option) {
    return option.equals("SO_LINGER") || option.equals("SO_PEERCRED");
  }

  /**
   * The kernel gives as much of a struct as there was room for; what is left of a field is bytes.
   */
  private static void cut(Walk walk, Kind.Struct struct, int at, int length) {
    walk.sink().beginStruct();
    for (Kind.Field field : struct.fields()) {
      int there = length - field.offset();
      if (there <= 0) {
        break;
      }
      walk.sink().field(field.name());
      if (there >= field.kind().sizeBytes()) {
        walk.structs().inline(field.kind(), at + field.offset());
      } else {
        walk.sink().string(walk.memory().buffer(), at + field.offset(), there, false, Quote.HEX);
      }
    }
    walk.sink().endStruct(true);
  }

  private static void inetPair(Walk walk, int at) {
    Sink sink = walk.sink();
    sink.beginStruct();
    sink.field("imr_multiaddr");
    SocketAddresses.inetAddress(walk, at);
    sink.field("imr_interface");
    SocketAddresses.inetAddress(walk, at + Integer.BYTES);
    sink.endStruct(true);
  }

  private static void inet6Group(Walk walk, int at) {
    Sink sink = walk.sink();
    sink.beginStruct();
    sink.unnamedField("ipv6mr_multiaddr");
    SocketAddresses.inet6Address(walk, at, "ipv6mr_multiaddr");
    sink.field("ipv6mr_interface");
    InterfaceIndexes.tell(walk, walk.unsigned(at + INET6_BYTES, Integer.BYTES));
    sink.endStruct(true);
  }

  private static void group(Walk walk, int at, int length) {
    Sink sink = walk.sink();
    sink.beginStruct();
    sink.field("gr_interface");
    InterfaceIndexes.tell(walk, walk.unsigned(at, Integer.BYTES));
    sink.field("gr_group");
    SocketAddresses.tell(walk, at + GROUP_AT, length - GROUP_AT);
    sink.endStruct(true);
  }

  /** struct packet_mreq: interface, type, length, address. */
  private static void packetMembership(Walk walk, int at) {
    Sink sink = walk.sink();
    sink.beginStruct();
    sink.field("mr_ifindex");
    InterfaceIndexes.tell(walk, walk.unsigned(at, Integer.BYTES));
    sink.field("mr_type");
    sink.named(walk.unsigned(at + 4, Short.BYTES), walk.names("packet_mreq_type"));
    long length = walk.unsigned(at + 6, Short.BYTES);
    sink.field("mr_alen");
    sink.number(length, Kind.Format.DECIMAL, false);
    sink.field("mr_address");
    sink.phrase(
        0,
        OtherAddresses.colons(
            walk.words(), walk, at + HARDWARE_AT, (int) Math.min(length, HARDWARE_BYTES)));
    sink.endStruct(true);
  }

  /** A number where the option is known to be one, else a number of four bytes, else bytes. */
  private static void plain(Walk walk, String option, int segment, long address) {
    int at = walk.memory().segmentData(segment);
    int length = walk.memory().segmentLength(segment);
    boolean out = walk.phase() == Phase.OUT;
    boolean number = isNumber(walk, option);
    if (isText(option)) {
      walk.pointers().bytes(segment, Quote.BYTES);
    } else if (length == Integer.BYTES || (number && !out && length > Integer.BYTES)) {
      walk.sink().beginArray();
      walk.sink().element();
      walk.sink().number(walk.signed32(at), Kind.Format.DECIMAL, true);
      walk.sink().endArray(true);
    } else if (number && length < Integer.BYTES) {
      if (out) {
        // Those that can only be asked for are of no certain shape to strace.
        boolean asked = option.equals("SO_TYPE") || option.equals("SO_DOMAIN");
        walk.pointers().bytes(segment, asked ? Quote.BYTES : Quote.HEX);
      } else {
        walk.unreadable(address);
      }
    } else {
      walk.pointers().bytes(segment, Quote.BYTES);
    }
  }

  /** Those of the levels whose options strace knows one by one. */
  private static boolean isNumber(Walk walk, String option) {
    return switch (walk.choice(LEVEL)) {
      case "SOL_SOCKET" -> !option.isEmpty() && !isText(option) && !isBytes(option);
      case "SOL_NETLINK" -> true;
      default -> false;
    };
  }

  private static boolean isText(String option) {
    return switch (option) {
      case "SO_BINDTODEVICE", "SO_PEERSEC", "TCP_CONGESTION", "TCP_ULP" -> true;
      default -> false;
    };
  }

  /** Of SOL_SOCKET, what has more than a number or may have. */
  private static boolean isBytes(String option) {
    return switch (option) {
      case "SO_COOKIE",
          "SO_PEERGROUPS",
          "SO_MEMINFO",
          "SO_PEERNAME",
          "SO_TXTIME",
          "SO_RCVTIMEO_NEW",
          "SO_SNDTIMEO_NEW",
          "SO_RCVTIMEO_OLD",
          "SO_SNDTIMEO_OLD",
          "SO_MAX_PACING_RATE" ->
          true;
      default -> false;
    };
  }
}
