package dev.rastro.syscalls.decode;

import dev.rastro.syscalls.record.RecordReader;
import dev.rastro.syscalls.table.Kind;
import dev.rastro.syscalls.table.Names;

/** Control messages of a msghdr: descriptors, credentials and others as bytes. */
final class ControlMessages {
  private static final int HEAD_BYTES = 16;
  private static final int ALIGNMENT = 8;
  private static final String DATA = "cmsg_data";
  private static final int TIMESTAMPS = 3;
  private static final int TIMESPEC_BYTES = 16;
  private static final int SOCKADDR_IN_BYTES = 16;
  private static final int EXTENDED_ERROR_BYTES = 16;

  private ControlMessages() {}

  static void tell(Walk walk, long address, long length) {
    int segment = address == 0 ? RecordReader.NO_SEGMENT : walk.find(address);
    if (segment == RecordReader.NO_SEGMENT) {
      walk.sink().address(address);
      return;
    }
    int there = atMost(length, walk.memory().segmentLength(segment));
    if (there < HEAD_BYTES) {
      walk.unreadable(address);
      return;
    }
    int at = walk.memory().segmentData(segment);
    boolean whole = there == length;
    walk.sink().beginArray();
    boolean cut = false;
    while (there >= HEAD_BYTES) {
      long messageLength = walk.unsigned(at, Long.BYTES);
      walk.sink().element();
      message(walk, at, messageLength, there);
      long step = (messageLength + ALIGNMENT - 1) & -ALIGNMENT;
      cut = messageLength < HEAD_BYTES;
      if (cut || step > there || step < 0) {
        break;
      }
      at += (int) step;
      there -= (int) step;
    }
    if (cut && there > HEAD_BYTES) {
      walk.sink()
          .endArrayUnreadable(address + at - walk.memory().segmentData(segment) + HEAD_BYTES);
    } else {
      walk.sink().endArray(whole);
    }
  }

  private static void message(Walk walk, int at, long length, int there) {
    Sink sink = walk.sink();
    String level = levelName(walk, at);
    long type = walk.unsigned(at + 12, Integer.BYTES);
    sink.beginStruct();
    sink.field("cmsg_len");
    sink.number(length, Kind.Format.DECIMAL, false);
    sink.field("cmsg_level");
    sink.named(walk.unsigned(at + 8, Integer.BYTES), walk.names("socket_level"));
    sink.field("cmsg_type");
    Names types =
        switch (level) {
          case "SOL_SOCKET" -> walk.names("scm_type");
          case "SOL_IP" -> walk.names("ip_cmsg_type");
          default -> walk.names("");
        };
    if (types.entries().isEmpty()) {
      sink.number(type, Kind.Format.HEX, false);
    } else {
      sink.named(type, types);
    }
    int data = atMost(length, there) - HEAD_BYTES;
    if (data > 0) {
      data(walk, at + HEAD_BYTES, data, Walk.choice(types, type));
    }
    sink.endStruct(true);
  }

  /** The smaller of both, the first of which is unsigned. */
  private static int atMost(long bytes, int limit) {
    return bytes < 0 || bytes > limit ? limit : (int) bytes;
  }

  private static String levelName(Walk walk, int at) {
    return Walk.choice(walk.names("socket_level"), walk.unsigned(at + 8, Integer.BYTES));
  }

  /** What is in a message; nothing is told of what is not known, or too short. */
  private static void data(Walk walk, int at, int length, String type) {
    switch (type) {
      case "SCM_RIGHTS" -> descriptors(walk, at, length);
      case "SCM_CREDENTIALS" -> struct(walk, "ucred", at, length);
      case "SCM_SECURITY" -> {
        walk.sink().field(DATA);
        walk.sink().string(walk.memory().buffer(), at, length, false, Quote.BYTES);
      }
      case "SO_TIMESTAMP_OLD", "SO_TIMESTAMP_NEW" -> struct(walk, "timeval", at, length);
      case "SO_TIMESTAMPNS_OLD", "SO_TIMESTAMPNS_NEW" -> struct(walk, "timespec", at, length);
      case "SO_TIMESTAMPING_OLD", "SO_TIMESTAMPING_NEW" -> timestamps(walk, at, length);
      case "IP_PKTINFO" -> packetInfo(walk, at, length);
      case "IP_TTL", "IP_CHECKSUM" -> {
        if (length >= Integer.BYTES) {
          walk.sink().field(DATA);
          walk.sink().beginArray();
          walk.sink().element();
          walk.sink().number(walk.unsigned(at, Integer.BYTES), Kind.Format.DECIMAL, false);
          walk.sink().endArray(true);
        }
      }
      case "IP_TOS" -> {
        walk.sink().field(DATA);
        walk.sink().beginArray();
        for (int i = 0; i < length; i++) {
          walk.sink().element();
          walk.sink().number(walk.unsigned(at + i, 1), Kind.Format.HEX, false);
        }
        walk.sink().endArray(true);
      }
      case "IP_RECVOPTS", "IP_RETOPTS" -> options(walk, at, length);
      case "IP_RECVERR" -> error(walk, at, length);
      case "IP_ORIGDSTADDR" -> {
        if (length >= SOCKADDR_IN_BYTES) {
          walk.sink().field(DATA);
          SocketAddresses.tell(walk, at, length);
        }
      }
      default -> {}
    }
  }

  private static void descriptors(Walk walk, int at, int length) {
    if (length < Integer.BYTES) {
      return;
    }
    walk.sink().field(DATA);
    walk.sink().beginArray();
    for (int i = 0; i + Integer.BYTES <= length; i += Integer.BYTES) {
      walk.sink().element();
      walk.sink().number(walk.signed32(at + i), Kind.Format.DESCRIPTOR, true);
    }
    walk.sink().endArray(true);
  }

  private static void struct(Walk walk, String kind, int at, int length) {
    if (walk.kind(kind) instanceof Kind.Struct struct && length >= struct.sizeBytes()) {
      walk.sink().field(DATA);
      walk.structs().struct(struct, at, length);
    }
  }

  /** Software, deprecated and hardware time. */
  private static void timestamps(Walk walk, int at, int length) {
    if (length < TIMESTAMPS * TIMESPEC_BYTES) {
      return;
    }
    walk.sink().field(DATA);
    walk.sink().beginArray();
    for (int i = 0; i < TIMESTAMPS; i++) {
      walk.sink().element();
      Times.timespec(walk, at + TIMESPEC_BYTES * i);
    }
    walk.sink().endArray(true);
  }

  private static void options(Walk walk, int at, int length) {
    walk.sink().field(DATA);
    walk.sink().beginArray();
    for (int i = 0; i < length; i++) {
      walk.sink().element();
      StringBuilder words = walk.words().append("0x");
      int octet = (int) walk.unsigned(at + i, 1);
      words.append(Character.forDigit(octet >> 4, 16)).append(Character.forDigit(octet & 0xf, 16));
      walk.sink().phrase(octet, words);
    }
    walk.sink().endArray(true);
  }

  /** struct in_pktinfo. */
  private static void packetInfo(Walk walk, int at, int length) {
    if (length < 3 * Integer.BYTES) {
      return;
    }
    Sink sink = walk.sink();
    sink.field(DATA);
    sink.beginStruct();
    sink.field("ipi_ifindex");
    InterfaceIndexes.tell(walk, walk.unsigned(at, Integer.BYTES));
    sink.field("ipi_spec_dst");
    SocketAddresses.inetAddress(walk, at + 4);
    sink.field("ipi_addr");
    SocketAddresses.inetAddress(walk, at + 8);
    sink.endStruct(true);
  }

  /** struct sock_extended_err, and the address of whoever is to blame. */
  private static void error(Walk walk, int at, int length) {
    if (length < EXTENDED_ERROR_BYTES + SOCKADDR_IN_BYTES) {
      return;
    }
    Sink sink = walk.sink();
    sink.field(DATA);
    sink.beginStruct();
    errorField(walk, "ee_errno", walk.unsigned(at, Integer.BYTES));
    errorField(walk, "ee_origin", walk.unsigned(at + 4, 1));
    errorField(walk, "ee_type", walk.unsigned(at + 5, 1));
    errorField(walk, "ee_code", walk.unsigned(at + 6, 1));
    errorField(walk, "ee_info", walk.unsigned(at + 8, Integer.BYTES));
    errorField(walk, "ee_data", walk.unsigned(at + 12, Integer.BYTES));
    sink.field("offender");
    SocketAddresses.tell(walk, at + EXTENDED_ERROR_BYTES, length - EXTENDED_ERROR_BYTES);
    sink.endStruct(true);
  }

  private static void errorField(Walk walk, String name, long value) {
    walk.sink().field(name);
    walk.sink().number(value, Kind.Format.DECIMAL, false);
  }
}
