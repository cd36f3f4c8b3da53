package dev.rastro.syscalls.decode;

import dev.rastro.syscalls.record.RecordReader;
import dev.rastro.syscalls.record.RecordReader.Phase;
import dev.rastro.syscalls.table.Kind;

/** poll, select and epoll: what was asked, and beside the result what was found. */
final class Polling {
  private static final int POLLFD_BYTES = 8;
  private static final int EVENTS_AT = 4;
  private static final int REVENTS_AT = 6;
  private static final int TIME_BYTES = 16;
  private static final String[] SET_LABELS = {"in", "out", "except"};
  private static final int FIRST_SET = 1;
  private static final int SELECT_TIME = 4;

  private Polling() {}

  static void register(Specials specials) {
    specials.addStruct("pollfd", Polling::asked);
    specials.add("poll_result", Polling::pollResult);
    specials.add("fd_set", Polling::givenSet);
    specials.add("select_result", Polling::selectResult);
    specials.add("mmsg_result", Polling::messagesResult);
    specials.add("pselect_sigmask", Polling::maskArgument);
    specials.add(
        "epoll_data",
        (walk, data) -> {
          Sink sink = walk.sink();
          sink.beginStruct();
          sink.field("u32");
          sink.number(data & 0xffffffffL, Kind.Format.DECIMAL, false);
          sink.field("u64");
          sink.number(data, Kind.Format.DECIMAL, false);
          sink.endStruct(true);
        });
    specials.add("epoll_ctl_event", new EpollEvent());
  }

  private static boolean asked(Walk walk, int at, int length) {
    Sink sink = walk.sink();
    int fd = walk.signed32(at);
    sink.beginStruct();
    sink.field("fd");
    sink.number(fd, Kind.Format.DESCRIPTOR, true);
    if (fd >= 0) {
      sink.field("events");
      sink.named(walk.unsigned(at + EVENTS_AT, Short.BYTES), walk.names("poll_events"));
    }
    sink.endStruct(true);
    return true;
  }

  private static void pollResult(Walk walk, long result) {
    Sink sink = walk.sink();
    sink.number(result, Kind.Format.DECIMAL, true);
    sink.beginNote();
    if (result == 0) {
      timeout(walk, result);
      return;
    }
    walk.lookAt(0, Phase.OUT);
    sink.element();
    int segment = walk.find(walk.register(0));
    if (segment == RecordReader.NO_SEGMENT) {
      walk.missing(walk.register(0));
    } else {
      found(walk, segment);
    }
    if (walk.call().arguments().size() > 2
        && walk.call().arguments().get(2).kind() instanceof Kind.Struct) {
      left(walk, 2);
    }
    sink.endNote();
  }

  private static void timeout(Walk walk, long result) {
    walk.sink().element();
    walk.sink().phrase(result, "Timeout");
    walk.sink().endNote();
  }

  private static void found(Walk walk, int segment) {
    Sink sink = walk.sink();
    RecordReader memory = walk.memory();
    int there = memory.segmentLength(segment) / POLLFD_BYTES;
    int told = 0;
    boolean complete = true;
    sink.beginArray();
    for (int i = 0; i < there; i++) {
      int at = memory.segmentData(segment) + POLLFD_BYTES * i;
      long events = walk.unsigned(at + REVENTS_AT, Short.BYTES);
      if (events == 0) {
        continue;
      }
      if (!walk.options().verbose() && told == walk.options().elementLimit()) {
        complete = false;
        break;
      }
      told++;
      sink.element();
      sink.beginStruct();
      sink.field("fd");
      sink.number(walk.signed32(at), Kind.Format.DESCRIPTOR, true);
      sink.field("revents");
      sink.named(events, walk.names("poll_events"));
      sink.endStruct(true);
    }
    sink.endArray(complete);
  }

  /** The time that is left, where the kernel has written it back. */
  private static void left(Walk walk, int argument) {
    long address = walk.register(argument);
    if (address == 0) {
      return;
    }
    walk.lookAt(argument, Phase.OUT);
    int segment = walk.find(address);
    if (segment == RecordReader.NO_SEGMENT || walk.memory().segmentLength(segment) < TIME_BYTES) {
      return;
    }
    walk.sink().label("left");
    walk.structs()
        .inline(walk.call().arguments().get(argument).kind(), walk.memory().segmentData(segment));
  }

  private static void givenSet(Walk walk, long address) {
    int segment = address == 0 ? RecordReader.NO_SEGMENT : walk.find(address);
    if (address == 0) {
      walk.sink().address(0);
    } else if (segment == RecordReader.NO_SEGMENT) {
      walk.missing(address);
    } else if (walk.memory().segmentLength(segment) == 0) {
      walk.unreadable(address);
    } else {
      members(walk, segment, walk.register(0));
    }
  }

  private static int members(Walk walk, int segment, long limit) {
    Sink sink = walk.sink();
    int at = walk.memory().segmentData(segment);
    int bits = (int) Math.min(Math.max(limit, 0), walk.memory().segmentLength(segment) * 8L);
    int members = 0;
    sink.beginSet();
    for (int fd = 0; fd < bits; fd++) {
      if ((walk.memory().buffer().get(at + (fd >> 3)) >> (fd & 7) & 1) != 0) {
        sink.element();
        sink.number(fd, Kind.Format.DESCRIPTOR, true);
        members++;
      }
    }
    sink.endArray(true);
    return members;
  }

  private static boolean isEmpty(Walk walk, int segment) {
    int at = walk.memory().segmentData(segment);
    for (int i = 0; i < walk.memory().segmentLength(segment); i++) {
      if (walk.memory().buffer().get(at + i) != 0) {
        return false;
      }
    }
    return true;
  }

  private static void selectResult(Walk walk, long result) {
    Sink sink = walk.sink();
    sink.number(result, Kind.Format.DECIMAL, true);
    sink.beginNote();
    if (result == 0) {
      timeout(walk, result);
      return;
    }
    for (int i = 0; i < SET_LABELS.length; i++) {
      long address = walk.register(FIRST_SET + i);
      walk.lookAt(FIRST_SET + i, Phase.OUT);
      int segment = address == 0 ? RecordReader.NO_SEGMENT : walk.find(address);
      if (segment != RecordReader.NO_SEGMENT && !isEmpty(walk, segment)) {
        sink.label(SET_LABELS[i]);
        members(walk, segment, walk.register(0));
      }
    }
    left(walk, SELECT_TIME);
    sink.endNote();
  }

  private static void messagesResult(Walk walk, long result) {
    walk.sink().number(result, Kind.Format.DECIMAL, true);
    if (result == 0) {
      walk.sink().beginNote();
      timeout(walk, result);
      return;
    }
    long address = walk.register(SELECT_TIME);
    walk.lookAt(SELECT_TIME, Phase.OUT);
    if (address != 0 && walk.find(address) != RecordReader.NO_SEGMENT) {
      walk.sink().beginNote();
      left(walk, SELECT_TIME);
      walk.sink().endNote();
    }
  }

  /** pselect6 takes a pointer to the mask's address and size. */
  private static void maskArgument(Walk walk, long address) {
    int pair = address == 0 ? RecordReader.NO_SEGMENT : walk.find(address);
    if (pair == RecordReader.NO_SEGMENT || walk.memory().segmentLength(pair) < TIME_BYTES) {
      walk.sink().address(address);
      return;
    }
    int at = walk.memory().segmentData(pair);
    long mask = walk.unsigned(at, Long.BYTES);
    if (mask == 0) {
      walk.sink().beginStruct();
      walk.sink().field("sigmask");
      walk.sink().address(0);
      walk.sink().field("sigsetsize");
      walk.sink().number(walk.unsigned(at + 8, Long.BYTES), Kind.Format.DECIMAL, false);
      walk.sink().endStruct(true);
      return;
    }
    walk.sink().beginStruct();
    walk.sink().field("sigmask");
    int segment = walk.find(mask);
    if (segment == RecordReader.NO_SEGMENT
        || walk.memory().segmentLength(segment) < Long.BYTES
        || walk.unsigned(at + 8, Long.BYTES) != Long.BYTES) {
      walk.missing(mask);
    } else {
      SignalSets.tellSet(walk, walk.unsigned(walk.memory().segmentData(segment), Long.BYTES));
    }
    walk.sink().field("sigsetsize");
    walk.sink().number(walk.unsigned(at + 8, Long.BYTES), Kind.Format.DECIMAL, false);
    walk.sink().endStruct(true);
  }

  /** The event of epoll_ctl, which the kernel does not look at when it deletes. */
  private static final class EpollEvent implements Special {
    @Override
    public void tell(Walk walk, long address) {
      Kind event = walk.kind("epoll_event");
      if (address == 0
          || walk.choice(walk.index() - 2).equals("EPOLL_CTL_DEL")
          || !(event instanceof Kind.Struct struct)) {
        walk.sink().address(address);
        return;
      }
      int segment = walk.find(address);
      if (segment == RecordReader.NO_SEGMENT) {
        walk.missing(address);
      } else if (walk.memory().segmentLength(segment) < struct.sizeBytes()) {
        walk.unreadable(address);
      } else {
        walk.structs()
            .struct(
                struct, walk.memory().segmentData(segment), walk.memory().segmentLength(segment));
      }
    }
  }
}
