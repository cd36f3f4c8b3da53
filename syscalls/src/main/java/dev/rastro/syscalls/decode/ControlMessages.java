package dev.rastro.syscalls.decode;

import dev.rastro.syscalls.record.RecordReader;
import dev.rastro.syscalls.table.Kind;

/** Control messages of a msghdr: descriptors, credentials and others as bytes. */
final class ControlMessages {
  private static final int HEAD_BYTES = 16;
  private static final int ALIGNMENT = 8;

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
    while (there >= HEAD_BYTES) {
      long messageLength = walk.unsigned(at, Long.BYTES);
      walk.sink().element();
      message(walk, at, messageLength, there);
      long step = (messageLength + ALIGNMENT - 1) & -ALIGNMENT;
      if (messageLength < HEAD_BYTES || step > there || step < 0) {
        break;
      }
      at += (int) step;
      there -= (int) step;
    }
    walk.sink().endArray(whole);
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
    String typeName = "";
    if (level.equals("SOL_SOCKET") && !walk.names("scm_type").entries().isEmpty()) {
      typeName = Walk.choice(walk.names("scm_type"), type);
      sink.named(type, walk.names("scm_type"));
    } else {
      sink.number(type, Kind.Format.HEX, false);
    }
    int data = atMost(length, there) - HEAD_BYTES;
    if (data > 0) {
      sink.field("cmsg_data");
      data(walk, at + HEAD_BYTES, data, typeName);
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

  private static void data(Walk walk, int at, int length, String type) {
    if (type.equals("SCM_RIGHTS")) {
      walk.sink().beginArray();
      for (int i = 0; i + Integer.BYTES <= length; i += Integer.BYTES) {
        walk.sink().element();
        walk.sink().number(walk.signed32(at + i), Kind.Format.DESCRIPTOR, true);
      }
      walk.sink().endArray(true);
    } else if (type.equals("SCM_CREDENTIALS")
        && walk.kind("ucred") instanceof Kind.Struct struct
        && length >= struct.sizeBytes()) {
      walk.structs().struct(struct, at, length);
    } else {
      walk.sink().string(walk.memory().buffer(), at, length, false, Quote.BYTES);
    }
  }
}
