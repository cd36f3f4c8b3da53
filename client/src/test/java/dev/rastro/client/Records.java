package dev.rastro.client;

import com.google.protobuf.ByteString;
import dev.rastro.syscalls.record.RecordLayout;
import dev.rastro.syscalls.table.Architecture;
import dev.rastro.syscalls.table.SyscallTable;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Writes batches of records as the kernel would, one process with one thread each. */
public final class Records {
  public static final int GETPPID = number("getppid");
  public static final int EXIT_GROUP = number("exit_group");

  private static final int SIGINFO_CODE_OFFSET = 8;

  private final ByteArrayOutputStream batch = new ByteArrayOutputStream();

  public static int number(String name) {
    return SyscallTable.load(Architecture.current()).find(name).orElseThrow().number();
  }

  public Records call(int tid, long time, int number, long result, long... arguments) {
    return flagged(0, tid, time, number, result, arguments);
  }

  public Records flagged(
      int flags, int tid, long time, int number, long result, long... arguments) {
    ByteBuffer record = head(RecordLayout.CALL, RecordLayout.CALL_BYTES, tid, time, number, flags);
    record.putLong(RecordLayout.CALL_RESULT_OFFSET, result);
    record.putLong(RecordLayout.CALL_DURATION_OFFSET, 1000);
    for (int i = 0; i < arguments.length; i++) {
      record.putLong(RecordLayout.CALL_ARGS_OFFSET + Long.BYTES * i, arguments[i]);
    }
    return add(record);
  }

  /** The notice that a task sleeps in a call. */
  public Records blocked(int tid, long time, int number, long... arguments) {
    int bytes = RecordLayout.CALL_BYTES;
    ByteBuffer record = head(RecordLayout.CALL_BLOCKED, bytes, tid, time, number, 0);
    for (int i = 0; i < arguments.length; i++) {
      record.putLong(RecordLayout.CALL_ARGS_OFFSET + Long.BYTES * i, arguments[i]);
    }
    return add(record);
  }

  public Records fork(int parent, long time, int child) {
    ByteBuffer record = head(RecordLayout.FORK, RecordLayout.FORK_BYTES, parent, time, 0, 0);
    record.putInt(RecordLayout.FORK_CHILD_TGID_OFFSET, child);
    record.putInt(RecordLayout.FORK_CHILD_TID_OFFSET, child);
    return add(record);
  }

  public Records exec(int tid, int oldTid, long time) {
    return exec(tid, oldTid, time, "");
  }

  public Records exec(int tid, int oldTid, long time, String comm) {
    ByteBuffer record = head(RecordLayout.EXEC, RecordLayout.EXEC_BYTES, tid, time, 0, 0);
    record.putInt(RecordLayout.EXEC_OLD_TID_OFFSET, oldTid);
    record.put(RecordLayout.EXEC_COMM_OFFSET, comm.getBytes(StandardCharsets.US_ASCII));
    return add(record);
  }

  public Records exit(int tid, long time, int status) {
    ByteBuffer record = head(RecordLayout.EXIT, RecordLayout.EXIT_BYTES, tid, time, 0, 0);
    record.putInt(RecordLayout.EXIT_STATUS_OFFSET, status);
    record.putInt(RecordLayout.EXIT_PROCESS_ENDED_OFFSET, 1);
    return add(record);
  }

  /** Of a signal that the task ignores, sent by the kernel. */
  public Records ignoredSignal(int tid, long time, int signal) {
    return signal(RecordLayout.SIGNAL_GENERATE, tid, time, signal);
  }

  public Records signal(int tid, long time, int signal) {
    return signal(RecordLayout.SIGNAL_DELIVER, tid, time, signal);
  }

  private Records signal(int kind, int tid, long time, int signal) {
    ByteBuffer record = head(kind, RecordLayout.SIGNAL_BYTES, tid, time, signal, 0);
    record.putInt(RecordLayout.SIGNAL_SIGINFO_OFFSET, signal);
    record.putInt(RecordLayout.SIGNAL_SIGINFO_OFFSET + SIGINFO_CODE_OFFSET, 0x80);
    return add(record);
  }

  public ByteBuffer buffer() {
    return ByteBuffer.wrap(batch.toByteArray()).order(ByteOrder.LITTLE_ENDIAN);
  }

  public ByteString bytes() {
    return ByteString.copyFrom(batch.toByteArray());
  }

  private static ByteBuffer head(int kind, int bytes, int tid, long time, int number, int flags) {
    ByteBuffer record = ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    record.putLong(RecordLayout.HEAD_SESSIONS_OFFSET, 1);
    record.putLong(RecordLayout.HEAD_TIME_OFFSET, time);
    record.putInt(RecordLayout.HEAD_TGID_OFFSET, tid);
    record.putInt(RecordLayout.HEAD_TID_OFFSET, tid);
    record.putInt(RecordLayout.HEAD_NR_OFFSET, number);
    record.put(RecordLayout.HEAD_KIND_OFFSET, (byte) kind);
    record.putShort(RecordLayout.HEAD_FLAGS_OFFSET, (short) flags);
    return record;
  }

  private Records add(ByteBuffer record) {
    int bytes = record.capacity();
    byte[] framed = new byte[Long.BYTES + bytes + (-bytes & (Long.BYTES - 1))];
    ByteBuffer.wrap(framed).order(ByteOrder.LITTLE_ENDIAN).putInt(0, bytes);
    record.get(0, framed, Long.BYTES, bytes);
    batch.writeBytes(framed);
    return this;
  }
}
