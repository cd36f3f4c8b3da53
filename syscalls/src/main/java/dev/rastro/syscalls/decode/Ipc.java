package dev.rastro.syscalls.decode;

import dev.rastro.syscalls.record.RecordReader.Phase;
import dev.rastro.syscalls.table.Kind;

/** System V IPC: keys, and messages with their type in front. */
final class Ipc {
  private static final int TYPE_BYTES = 8;

  private Ipc() {}

  static void register(Specials specials) {
    specials.add("msgbuf", Ipc::message);
    specials.add("ipc_key", Ipc::key);
  }

  private static void key(Walk walk, long value) {
    long key = value & 0xffffffffL;
    if (key == 0) {
      walk.sink().phrase(0, "IPC_PRIVATE");
    } else {
      walk.sink().number(key, Kind.Format.HEX, false);
    }
  }

  /** The text is as long as the caller says: strace shows all of the buffer of a receiver. */
  private static void message(Walk walk, long address) {
    boolean out = walk.call().name().equals("msgrcv");
    int segment = Multiplexed.segment(walk, address, out, TYPE_BYTES);
    if (segment < 0) {
      return;
    }
    int at = walk.memory().segmentData(segment);
    long wanted = Math.max(0, walk.register(walk.index() + 1));
    int there = (int) Math.min(wanted, (long) walk.memory().segmentLength(segment) - TYPE_BYTES);
    walk.lookAt(walk.index(), out ? Phase.OUT : Phase.IN);
    Sink sink = walk.sink();
    sink.beginStruct();
    sink.field("mtype");
    sink.number(walk.unsigned(at, TYPE_BYTES), Kind.Format.DECIMAL, true);
    sink.field("mtext");
    sink.string(walk.memory().buffer(), at + TYPE_BYTES, there, there < wanted, Quote.BYTES);
    sink.endStruct(true);
  }
}
