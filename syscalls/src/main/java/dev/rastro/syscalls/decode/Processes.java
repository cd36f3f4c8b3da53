package dev.rastro.syscalls.decode;

import dev.rastro.syscalls.record.RecordReader;
import dev.rastro.syscalls.record.RecordReader.Phase;
import dev.rastro.syscalls.table.Kind;
import dev.rastro.syscalls.table.Names;
import dev.rastro.syscalls.table.Signals;

/** Making processes and waiting for them. */
final class Processes {
  private static final int CLONE3_TID_BYTES = 4;
  private static final int CLONE_ARGS_LEAST_BYTES = 64;
  private static final int CLONE_ARGS_BYTES = 88;

  private Processes() {}

  static void register(Specials specials) {
    specials.add("wait_status", new WaitStatus());
    specials.add("clone_parent_tid", Processes::parentTid);
    specials.add("clone_child_tid", (walk, address) -> walk.sink().address(address));
    specials.add("clone_tls", (walk, address) -> walk.sink().address(address));
    specials.add("clone3_exit_signal", (walk, signal) -> signal(walk, (int) signal));
    specials.addNamed(
        "clone_flags",
        (walk, flags) ->
            walk.sink().named(flags, walk.vocabulary().namesWithSignal("clone_flags")));
    specials.addStruct("clone_args", Processes::cloneStruct);
    specials.add("cpu_set", new CpuSet());
  }

  private static void signal(Walk walk, int signal) {
    if (signal > 0 && signal < Signals.LIMIT) {
      walk.sink().number(signal, Kind.Format.SIGNAL, false);
    } else {
      walk.sink().number(signal, Kind.Format.DECIMAL, true);
    }
  }

  /** Where a wait writes how the child ended. */
  private static final class WaitStatus implements Special.InMemory {
    @Override
    public boolean tellBytes(Walk walk, int at, int length) {
      if (length < Integer.BYTES) {
        return false;
      }
      walk.sink().beginArray();
      walk.sink().element();
      waitStatus(walk, (int) walk.unsigned(at, Integer.BYTES));
      walk.sink().endArray(true);
      return true;
    }
  }

  /** As wait(2)'s macros take it apart. */
  private static void waitStatus(Walk walk, int status) {
    int signal = status & 0x7f;
    StringBuilder words = walk.words();
    if (status == 0xffff) {
      words.append("{WIFCONTINUED(s)}");
    } else if (signal == 0) {
      words.append("{WIFEXITED(s) && WEXITSTATUS(s) == ").append(status >> 8 & 0xff).append('}');
    } else if (signal == 0x7f) {
      words.append("{WIFSTOPPED(s) && WSTOPSIG(s) == ");
      words.append(Signals.name(status >> 8 & 0xff)).append('}');
      if (status >>> 16 != 0) {
        words.append(" | ").append(status >>> 16).append(" << 16");
      }
    } else {
      words.append("{WIFSIGNALED(s) && WTERMSIG(s) == ").append(Signals.name(signal));
      words.append((status & 0x80) != 0 ? " && WCOREDUMP(s)}" : "}");
    }
    walk.sink().phrase(status & 0xffffffffL, words);
  }

  /** clone is written with its parameters' names, the stack first. */
  static void cloneArguments(Walk walk) {
    long flags = walk.register(0);
    Names names = walk.names("clone_flags");
    walk.argument(1, "child_stack");
    walk.argument(0, "flags");
    if (Walk.hasFlag(names, flags, "CLONE_PARENT_SETTID")
        || Walk.hasFlag(names, flags, "CLONE_PIDFD")) {
      walk.argument(2, "parent_tid");
    }
    if (Walk.hasFlag(names, flags, "CLONE_SETTLS")) {
      walk.argument(indexOf(walk, "clone_tls"), "tls");
    }
    if (Walk.hasFlag(names, flags, "CLONE_CHILD_SETTID")
        || Walk.hasFlag(names, flags, "CLONE_CHILD_CLEARTID")) {
      walk.argument(indexOf(walk, "clone_child_tid"), "child_tidptr");
    }
  }

  private static int indexOf(Walk walk, String kind) {
    int found = 0;
    for (int i = 0; i < walk.call().arguments().size(); i++) {
      if (walk.call().arguments().get(i).kind().name().equals(kind)) {
        found = i;
      }
    }
    return found;
  }

  private static void parentTid(Walk walk, long address) {
    int segment = address == 0 || walk.failed() ? -1 : walk.find(address);
    if (segment < 0 || walk.memory().segmentLength(segment) < CLONE3_TID_BYTES) {
      walk.sink().address(address);
      return;
    }
    walk.sink().beginArray();
    walk.sink().element();
    boolean pidfd = Walk.hasFlag(walk.names("clone_flags"), walk.register(0), "CLONE_PIDFD");
    Kind.Format format = pidfd ? Kind.Format.DESCRIPTOR : Kind.Format.PID;
    walk.sink().number(walk.signed32(walk.memory().segmentData(segment)), format, true);
    walk.sink().endArray(true);
  }

  /** What was given, and what the kernel wrote where its pointers lead. */
  private static boolean cloneStruct(Walk walk, int at, int length) {
    if (length < CLONE_ARGS_LEAST_BYTES) {
      walk.unreadable(walk.register(0));
      return true;
    }
    Sink sink = walk.sink();
    long flags = word(walk, at, length, 0);
    int pidfd = written(walk, flags, "CLONE_PIDFD", word(walk, at, length, 1));
    int parentTid = written(walk, flags, "CLONE_PARENT_SETTID", word(walk, at, length, 3));
    if (pidfd < 0 && parentTid < 0) {
      given(walk, at, length);
      return true;
    }
    sink.beginChange();
    given(walk, at, length);
    sink.becomes();
    sink.beginStruct();
    answer(walk, "pidfd", pidfd, Kind.Format.DESCRIPTOR);
    if (parentTid != pidfd) {
      answer(walk, "parent_tid", parentTid, Kind.Format.PID);
    }
    sink.endStruct(true);
    sink.endChange();
    return true;
  }

  private static int written(Walk walk, long flags, String flag, long address) {
    if (walk.failed() || address == 0 || !Walk.hasFlag(walk.names("clone3_flags"), flags, flag)) {
      return RecordReader.NO_SEGMENT;
    }
    walk.lookAt(walk.index(), Phase.OUT);
    int segment = walk.find(address);
    walk.lookAt(walk.index(), Phase.IN);
    return segment >= 0 && walk.memory().segmentLength(segment) >= CLONE3_TID_BYTES
        ? segment
        : RecordReader.NO_SEGMENT;
  }

  private static void answer(Walk walk, String field, int segment, Kind.Format format) {
    if (segment >= 0) {
      walk.sink().field(field);
      walk.sink().beginArray();
      walk.sink().element();
      walk.sink().number(walk.signed32(walk.memory().segmentData(segment)), format, true);
      walk.sink().endArray(true);
    }
  }

  /** Which fields of struct clone_args mean anything depends on its flags. */
  private static void given(Walk walk, int at, int length) {
    Sink sink = walk.sink();
    Names names = walk.names("clone3_flags");
    long flags = word(walk, at, length, 0);
    sink.beginStruct();
    sink.field("flags");
    sink.named(flags, names);
    pointer(walk, "pidfd", word(walk, at, length, 1), Walk.hasFlag(names, flags, "CLONE_PIDFD"));
    pointer(
        walk,
        "child_tid",
        word(walk, at, length, 2),
        Walk.hasFlag(names, flags, "CLONE_CHILD_SETTID")
            || Walk.hasFlag(names, flags, "CLONE_CHILD_CLEARTID"));
    pointer(
        walk,
        "parent_tid",
        word(walk, at, length, 3),
        Walk.hasFlag(names, flags, "CLONE_PARENT_SETTID"));
    sink.field("exit_signal");
    signal(walk, (int) word(walk, at, length, 4));
    pointer(walk, "stack", word(walk, at, length, 5), true);
    sink.field("stack_size");
    sink.number(word(walk, at, length, 6), Kind.Format.HEX, false);
    pointer(walk, "tls", word(walk, at, length, 7), Walk.hasFlag(names, flags, "CLONE_SETTLS"));
    if (word(walk, at, length, 9) != 0) {
      sink.field("set_tid");
      chosenIds(walk, word(walk, at, length, 8), word(walk, at, length, 9));
      sink.field("set_tid_size");
      sink.number(word(walk, at, length, 9), Kind.Format.DECIMAL, false);
    }
    if (length >= CLONE_ARGS_BYTES && Walk.hasFlag(names, flags, "CLONE_INTO_CGROUP")) {
      sink.field("cgroup");
      sink.number(word(walk, at, length, 10), Kind.Format.DECIMAL, false);
    }
    sink.endStruct(true);
  }

  /** The thread ids that the caller asks for, one for each of its pid namespaces. */
  private static void chosenIds(Walk walk, long address, long count) {
    int segment = walk.find(address);
    if (segment < 0 || walk.memory().segmentLength(segment) / CLONE3_TID_BYTES < count) {
      walk.sink().address(address);
      return;
    }
    walk.sink().beginArray();
    for (int i = 0; i < count; i++) {
      walk.sink().element();
      int at = walk.memory().segmentData(segment) + CLONE3_TID_BYTES * i;
      walk.sink().number(walk.signed32(at), Kind.Format.PID, true);
    }
    walk.sink().endArray(true);
  }

  private static void pointer(Walk walk, String field, long address, boolean told) {
    if (told) {
      walk.sink().field(field);
      walk.sink().address(address);
    }
  }

  private static long word(Walk walk, int at, int length, int index) {
    int offset = Long.BYTES * index;
    return offset + Long.BYTES <= length ? walk.unsigned(at + offset, Long.BYTES) : 0;
  }

  /** {@code [0 1]}. */
  private static final class CpuSet implements Special.InMemory {
    @Override
    public void tell(Walk walk, long address) {
      if (address != 0 && !walk.failedAsOut() && walk.elementCount() == 0) {
        walk.sink().phrase(0, "[]");
      } else {
        walk.pointed(address, this);
      }
    }

    @Override
    public boolean tellBytes(Walk walk, int at, int length) {
      if (length == 0) {
        return false;
      }
      StringBuilder words = walk.words().append('[');
      long count = walk.elementCount();
      long bytes = count < 0 ? length : Math.min(length, count);
      RecordReader memory = walk.memory();
      for (int cpu = 0; cpu < bytes * 8; cpu++) {
        if ((memory.buffer().get(at + (cpu >> 3)) >> (cpu & 7) & 1) != 0) {
          words.append(words.length() > 1 ? " " : "").append(cpu);
        }
      }
      walk.sink().phrase(0, words.append(']'));
      return true;
    }
  }
}
