// SPDX-License-Identifier: Apache-2.0
package dev.rastro.daemon.kernel;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Whether processes run, are ready or wait, out of the scheduler's own books, which an iterating
 * program reads. Any thread; one look at a time.
 */
public final class TaskList implements AutoCloseable {
  private static final int BUFFER_BYTES = 64 << 10;

  private final Optional<Pointer> program;
  private boolean closed;

  /**
   * @param program empty where the kernel does not take it
   */
  TaskList(Optional<Pointer> program) {
    this.program = program;
  }

  /** By process; empty where the kernel does not tell. */
  public synchronized Map<Integer, ProcessLoad> byProcess() {
    Map<Integer, ProcessLoad> loads = new HashMap<>();
    if (closed || program.isEmpty()) {
      return loads;
    }
    Pointer link = Libbpf.bpf_program__attach(program.get());
    if (link == null) {
      return loads;
    }
    try {
      int iterator = Libbpf.bpf_iter_create(Libbpf.bpf_link__fd(link));
      if (iterator >= 0) {
        read(iterator, loads);
        int unused = Libc.close(iterator);
      }
    } finally {
      int unused = Libbpf.bpf_link__destroy(link);
    }
    return loads;
  }

  private static void read(int iterator, Map<Integer, ProcessLoad> loads) {
    try (Memory memory = new Memory(BUFFER_BYTES)) {
      ByteBuffer tasks = memory.getByteBuffer(0, BUFFER_BYTES).order(ByteOrder.nativeOrder());
      // A read brings as many whole tasks as fit, but it may break off in the middle of one.
      int rest = 0;
      long got = Libc.read(iterator, memory, BUFFER_BYTES);
      while (got > 0) {
        int end = rest + (int) got;
        int at = 0;
        for (; end - at >= ControlLayout.TASK_BYTES; at += ControlLayout.TASK_BYTES) {
          add(tasks, at, loads);
        }
        rest = end - at;
        memory.write(0, memory.getByteArray(at, rest), 0, rest);
        got = Libc.read(iterator, memory.share(rest), BUFFER_BYTES - rest);
      }
    }
  }

  private static void add(ByteBuffer tasks, int at, Map<Integer, ProcessLoad> loads) {
    ProcessLoad.State state = ProcessLoad.State.of(tasks.getInt(at + ControlLayout.TASK_STATE));
    long age = tasks.getLong(at + ControlLayout.TASK_AGE);
    long ran = tasks.getLong(at + ControlLayout.TASK_RAN);
    long ready = tasks.getLong(at + ControlLayout.TASK_READY);
    ProcessLoad load =
        state == ProcessLoad.State.ENDED
            ? ProcessLoad.ENDED
            : new ProcessLoad(state, ran, ready, Math.max(0, age - ran - ready));
    loads.merge(tasks.getInt(at + ControlLayout.TASK_TGID), load, ProcessLoad::plus);
  }

  /** The program is about to go. */
  @Override
  public synchronized void close() {
    closed = true;
  }
}
