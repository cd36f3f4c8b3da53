package dev.rastro.syscalls.decode;

import dev.rastro.syscalls.record.RecordReader;
import dev.rastro.syscalls.record.RecordReader.Phase;
import dev.rastro.syscalls.table.Kind;
import dev.rastro.syscalls.table.Names;
import dev.rastro.syscalls.table.Syscall;
import dev.rastro.syscalls.table.Syscall.Direction;
import dev.rastro.syscalls.table.Syscall.Length;

/** Socket calls: options, messages, protocols. Addresses are {@link SocketAddresses}. */
final class Sockets {
  private static final int MSGHDR_BYTES = 56;
  private static final int MMSGHDR_BYTES = 64;

  private Sockets() {}

  static void register(Specials specials) {
    specials.add("sockaddr", Sockets::address);
    specials.add("socket_protocol", Sockets::protocol);
    specials.add("socket_option", Sockets::option);
    specials.add("sockopt_value", Sockets::optionValue);
    specials.add("msghdr", Sockets::message);
    specials.add("mmsghdr", Sockets::messages);
  }

  private static void address(Walk walk, long address) {
    boolean out = walk.phase() == Phase.OUT;
    if (address == 0 || (out && walk.failed())) {
      walk.sink().address(address);
      return;
    }
    int segment = walk.find(address);
    if (segment == RecordReader.NO_SEGMENT) {
      walk.missing(address);
    } else if (walk.memory().segmentLength(segment) < 2) {
      walk.unreadable(address);
    } else {
      SocketAddresses.tell(
          walk, walk.memory().segmentData(segment), walk.memory().segmentLength(segment));
    }
  }

  private static void protocol(Walk walk, long value) {
    int protocol = (int) value;
    String set =
        switch (walk.choice(0)) {
          case "AF_INET", "AF_INET6" -> "ip_protocol";
          case "AF_NETLINK" -> "netlink_protocol";
          case "AF_PACKET" -> "";
          default -> "none";
        };
    if (set.isEmpty()) {
      Names names = walk.names("ethernet_protocol");
      int swapped = Short.toUnsignedInt(Short.reverseBytes((short) protocol));
      String name = Walk.choice(names, swapped);
      StringBuilder words = walk.words().append("htons(");
      if (name.isEmpty()) {
        Walk.hex(words, swapped);
      } else {
        words.append(name);
      }
      walk.sink().phrase(protocol, words.append(')'));
    } else if (set.equals("none") || walk.names(set).entries().isEmpty()) {
      walk.sink().number(protocol, Kind.Format.DECIMAL, true);
    } else {
      walk.sink().named(protocol & 0xffffffffL, walk.names(set));
    }
  }

  /** The names of the option's level, by convention {@code so_option}, {@code tcp_option}. */
  private static Names optionNames(Walk walk) {
    String level = walk.choice(1);
    return switch (level) {
      case "SOL_SOCKET" -> walk.names("so_option");
      case "SOL_TCP" -> walk.names("tcp_option");
      case "SOL_IP" -> walk.names("ip_option");
      case "SOL_IPV6" -> walk.names("ipv6_option");
      case "SOL_UDP" -> walk.names("udp_option");
      case "SOL_PACKET" -> walk.names("packet_option");
      case "SOL_NETLINK" -> walk.names("netlink_option");
      default -> walk.names("");
    };
  }

  private static void option(Walk walk, long value) {
    Names names = optionNames(walk);
    if (names.entries().isEmpty()) {
      walk.sink().number(Walk.extended(value), Kind.Format.DECIMAL, true);
    } else {
      walk.sink().named(value & 0xffffffffL, names);
    }
  }

  private static void optionValue(Walk walk, long address) {
    boolean out = walk.phase() == Phase.OUT;
    if (address == 0 || (out && walk.failed())) {
      walk.sink().address(address);
      return;
    }
    String option = Walk.choice(optionNames(walk), walk.register(2) & 0xffffffffL);
    int segment = walk.find(address);
    if (segment == RecordReader.NO_SEGMENT) {
      walk.missing(address);
      return;
    }
    int at = walk.memory().segmentData(segment);
    int length = walk.memory().segmentLength(segment);
    Kind struct =
        switch (option) {
          case "SO_LINGER" -> walk.kind("linger");
          case "SO_PEERCRED" -> walk.kind("ucred");
          default -> walk.kind("");
        };
    if (struct instanceof Kind.Struct known && length >= known.sizeBytes()) {
      walk.structs().struct(known, at, length);
    } else if (option.isEmpty() || isText(option)) {
      walk.pointers().bytes(segment, Quote.BYTES);
    } else if (length == Integer.BYTES) {
      walk.sink().beginArray();
      walk.sink().element();
      walk.sink().number(walk.signed32(at), Kind.Format.DECIMAL, true);
      walk.sink().endArray(true);
    } else if (length < Integer.BYTES) {
      walk.unreadable(address);
    } else {
      walk.pointers().bytes(segment, Quote.BYTES);
    }
  }

  private static boolean isText(String option) {
    return option.equals("SO_BINDTODEVICE")
        || option.equals("TCP_CONGESTION")
        || option.equals("TCP_ULP")
        || option.startsWith("SO_RCVTIMEO")
        || option.startsWith("SO_SNDTIMEO");
  }

  private static void message(Walk walk, long address) {
    boolean receives = walk.call().arguments().get(walk.index()).direction() != Direction.IN;
    if (address == 0) {
      walk.sink().address(0);
      return;
    }
    if (receives && walk.failed()) {
      failedReceive(walk, address);
      return;
    }
    walk.lookAt(walk.index(), receives ? Phase.OUT : Phase.IN);
    int segment = walk.find(address);
    if (segment == RecordReader.NO_SEGMENT) {
      walk.missing(address);
    } else if (walk.memory().segmentLength(segment) < MSGHDR_BYTES) {
      walk.unreadable(address);
    } else {
      long moved = walk.failed() || !receives ? Long.MAX_VALUE : walk.returned();
      long given = receives ? givenNameLength(walk, address) : -1;
      header(walk, walk.memory().segmentData(segment), moved, given);
    }
  }

  private static void failedReceive(Walk walk, long address) {
    walk.lookAt(walk.index(), Phase.IN);
    int segment = walk.find(address);
    if (segment == RecordReader.NO_SEGMENT) {
      walk.missing(address);
    } else if (walk.memory().segmentLength(segment) < MSGHDR_BYTES) {
      walk.unreadable(address);
    } else {
      walk.sink().beginStruct();
      walk.sink().field("msg_namelen");
      nameLength(walk, walk.memory().segmentData(segment));
      walk.sink().endStruct(true);
    }
  }

  private static void nameLength(Walk walk, int header) {
    walk.sink().number(walk.signed32(header + 8), Kind.Format.DECIMAL, true);
  }

  private static long givenNameLength(Walk walk, long address) {
    int given = walk.memory().find(address, walk.index(), Phase.IN);
    return given == RecordReader.NO_SEGMENT || walk.memory().segmentLength(given) < MSGHDR_BYTES
        ? -1
        : walk.unsigned(walk.memory().segmentData(given) + 8, Integer.BYTES);
  }

  /**
   * struct msghdr: name, namelen, iov, iovlen, control, controllen, flags.
   *
   * @param moved bytes that the buffers hold, all together
   * @param givenNameLength what msg_namelen was at entry; −1 when not known or not changed
   */
  private static void header(Walk walk, int at, long moved, long givenNameLength) {
    Sink sink = walk.sink();
    long name = walk.unsigned(at, Long.BYTES);
    long nameLength = walk.unsigned(at + 8, Integer.BYTES);
    sink.beginStruct();
    sink.field("msg_name");
    int segment = name == 0 ? RecordReader.NO_SEGMENT : walk.find(name);
    if (segment == RecordReader.NO_SEGMENT
        || walk.memory().segmentLength(segment) < 2
        || nameLength < 2) {
      sink.address(name);
    } else {
      SocketAddresses.tell(
          walk,
          walk.memory().segmentData(segment),
          (int) Math.min(nameLength, walk.memory().segmentLength(segment)));
    }
    sink.field("msg_namelen");
    if (givenNameLength >= 0 && givenNameLength != nameLength && name != 0) {
      sink.beginChange();
      sink.number(givenNameLength, Kind.Format.DECIMAL, true);
      sink.becomes();
      nameLength(walk, at);
      sink.endChange();
    } else {
      nameLength(walk, at);
    }
    long count = walk.unsigned(at + 24, Long.BYTES);
    sink.field("msg_iov");
    Memory.vector(walk, walk.unsigned(at + 16, Long.BYTES), count, moved, false);
    sink.field("msg_iovlen");
    sink.number(count, Kind.Format.DECIMAL, false);
    long controlLength = walk.unsigned(at + 40, Long.BYTES);
    if (controlLength != 0) {
      sink.field("msg_control");
      ControlMessages.tell(walk, walk.unsigned(at + 32, Long.BYTES), controlLength);
    }
    sink.field("msg_controllen");
    sink.number(controlLength, Kind.Format.DECIMAL, false);
    sink.field("msg_flags");
    sink.named(walk.unsigned(at + 48, Integer.BYTES), walk.names("msg_flags"));
    sink.endStruct(true);
  }

  private static void messages(Walk walk, long address) {
    Syscall.Argument argument = walk.call().arguments().get(walk.index());
    boolean receives = walk.specials().tellsChanges(walk.call().result());
    long given =
        argument.length() instanceof Length.OfArgument length
            ? walk.register(length.index()) & 0xffffffffL
            : 1;
    if (address == 0 || (receives && walk.failed())) {
      walk.sink().address(address);
      return;
    }
    walk.lookAt(walk.index(), walk.failed() ? Phase.IN : Phase.OUT);
    int segment = walk.find(address);
    if (segment == RecordReader.NO_SEGMENT) {
      segment = walk.memory().find(address, walk.index(), Phase.IN);
    }
    if (segment == RecordReader.NO_SEGMENT) {
      walk.missing(address);
      return;
    }
    int there = walk.memory().segmentLength(segment) / MMSGHDR_BYTES;
    if (there == 0) {
      walk.unreadable(address);
      return;
    }
    long count = walk.failed() ? given : Math.min(Math.max(walk.returned(), 0), given);
    int told = (int) Math.min(there, count);
    walk.sink().beginArray();
    for (int i = 0; i < told; i++) {
      int at = walk.memory().segmentData(segment) + MMSGHDR_BYTES * i;
      long length = walk.unsigned(at + MSGHDR_BYTES, Integer.BYTES);
      walk.sink().element();
      walk.sink().beginStruct();
      walk.sink().field("msg_hdr");
      header(walk, at, receives ? length : Long.MAX_VALUE, -1);
      if (!walk.failed()) {
        walk.sink().field("msg_len");
        walk.sink().number(length, Kind.Format.DECIMAL, false);
      }
      walk.sink().endStruct(true);
    }
    walk.sink().endArray(told == count);
  }
}
