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
    SocketOptions.register(specials);
    specials.add("msghdr", Sockets::message);
    specials.add("mmsghdr", Sockets::messages);
  }

  private static void address(Walk walk, long address) {
    boolean out = walk.phase() == Phase.OUT;
    if (address == 0 || (out && walk.failed())) {
      walk.sink().address(address);
      return;
    }
    Length length = walk.call().arguments().get(walk.index()).length();
    if (length instanceof Length.OfArgument given && (int) walk.register(given.index()) < 0) {
      walk.sink().address(address);
      return;
    }
    int segment = walk.find(address);
    if (segment == RecordReader.NO_SEGMENT) {
      walk.missing(address);
    } else if (walk.memory().segmentLength(segment) < 2 || walk.isFaulted(segment)) {
      walk.unreadable(address);
    } else {
      SocketAddresses.tell(
          walk, walk.memory().segmentData(segment), walk.memory().segmentLength(segment));
    }
  }

  private static void protocol(Walk walk, long value) {
    int protocol = (int) value;
    String family = walk.choice(0);
    String set =
        switch (family) {
          case "AF_INET", "AF_INET6" -> "ip_protocol";
          case "AF_NETLINK" -> "netlink_protocol";
          case "AF_PACKET" -> "ethernet_protocol";
          case "AF_BLUETOOTH" -> "bluetooth_protocol";
          case "AF_CAN" -> "can_protocol";
          case "AF_SMC" -> "smc_protocol";
          case "AF_RXRPC" -> "socket_family";
          case "AF_PHONET" -> "phonet_protocol";
          case "AF_NFC" -> "nfc_protocol";
          case "AF_CAIF" -> "caif_protocol";
          default -> "";
        };
    Names names = walk.names(set);
    if (family.equals("AF_PACKET")) {
      int swapped = Short.toUnsignedInt(Short.reverseBytes((short) protocol));
      String name = Walk.choice(names, swapped);
      StringBuilder words = walk.words().append("htons(");
      if (name.isEmpty()) {
        Walk.hex(words, swapped);
        words.append(" /* ").append(names.prefix()).append(" */");
      } else {
        words.append(name);
      }
      walk.sink().phrase(protocol, words.append(')'));
    } else if (names.entries().isEmpty()) {
      walk.sink().number(value & 0xffffffffL, Kind.Format.DECIMAL, false);
    } else {
      walk.sink().named(protocol & 0xffffffffL, names);
    }
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
    String netlink = walk.netlink().protocol();
    Memory.vector(walk, walk.unsigned(at + 16, Long.BYTES), count, moved, false, netlink);
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

  /** What msg_namelen of one of several messages was at entry; −1 when not known. */
  private static long nameLengthOf(Walk walk, int heads, int index) {
    int at = MMSGHDR_BYTES * index;
    return heads == RecordReader.NO_SEGMENT
            || walk.memory().segmentLength(heads) < at + MMSGHDR_BYTES
        ? -1
        : walk.unsigned(walk.memory().segmentData(heads) + at + 8, Integer.BYTES);
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
    long count = receives ? Math.min(Math.max(walk.returned(), 0), given) : given;
    if (count == 0) {
      walk.sink().beginArray();
      walk.sink().endArray(true);
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
    int heads =
        receives ? walk.memory().find(address, walk.index(), Phase.IN) : RecordReader.NO_SEGMENT;
    int told = (int) Math.min(there, count);
    walk.sink().beginArray();
    for (int i = 0; i < told; i++) {
      int at = walk.memory().segmentData(segment) + MMSGHDR_BYTES * i;
      long length = walk.unsigned(at + MSGHDR_BYTES, Integer.BYTES);
      walk.sink().element();
      walk.sink().beginStruct();
      walk.sink().field("msg_hdr");
      header(walk, at, receives ? length : Long.MAX_VALUE, nameLengthOf(walk, heads, i));
      if (!walk.failed() && i < walk.returned()) {
        walk.sink().field("msg_len");
        walk.sink().number(length, Kind.Format.DECIMAL, false);
      }
      walk.sink().endStruct(true);
    }
    walk.sink().endArray(told == count);
  }
}
