package dev.rastro.bench.micro;

import dev.rastro.syscalls.record.RecordLayout;
import dev.rastro.syscalls.record.RecordReader;
import dev.rastro.syscalls.table.Architecture;
import dev.rastro.syscalls.table.SyscallTable;
import dev.rastro.syscalls.text.LineWriter;
import dev.rastro.syscalls.text.TextBuffer;
import dev.rastro.syscalls.text.TextOptions;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** A record of openat with a path of 30 bytes, decoded and printed as the client does. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class LineBenchmark {
  private static final byte[] PATH =
      "/usr/lib/x86_64/libexample.so1".getBytes(StandardCharsets.US_ASCII);
  private static final long PATH_ADDRESS = 0x7f00_0000_1000L;
  private static final int AT_FDCWD = -100;
  private static final int CLOEXEC = 0x80000;
  private static final int STRING = 2;

  private final SyscallTable table = SyscallTable.load(Architecture.current());
  private final LineWriter writer = new LineWriter(table, TextOptions.DEFAULT);
  private final RecordReader reader = new RecordReader();
  private final TextBuffer text = new TextBuffer();
  private final ByteBuffer record = openat();

  @Benchmark
  public int openat30() {
    text.clear();
    reader.wrap(record, 0, record.limit());
    writer.call(reader, text);
    return text.length();
  }

  private ByteBuffer openat() {
    int segment = RecordLayout.CALL_BYTES;
    int data = segment + RecordLayout.SEGMENT_HEAD_BYTES;
    ByteBuffer made =
        ByteBuffer.allocate(data + (PATH.length + 7 & ~7)).order(ByteOrder.LITTLE_ENDIAN);
    made.putInt(RecordLayout.HEAD_TGID_OFFSET, 100);
    made.putInt(RecordLayout.HEAD_TID_OFFSET, 100);
    made.putInt(RecordLayout.HEAD_NR_OFFSET, table.find("openat").orElseThrow().number());
    made.put(RecordLayout.HEAD_KIND_OFFSET, (byte) RecordLayout.CALL);
    made.putLong(RecordLayout.CALL_RESULT_OFFSET, 3);
    made.putLong(RecordLayout.CALL_ARGS_OFFSET, AT_FDCWD);
    made.putLong(RecordLayout.CALL_ARGS_OFFSET + 8, PATH_ADDRESS);
    made.putLong(RecordLayout.CALL_ARGS_OFFSET + 16, CLOEXEC);
    made.putLong(segment + RecordLayout.SEGMENT_ADDRESS_OFFSET, PATH_ADDRESS);
    made.putLong(segment + RecordLayout.SEGMENT_WANTED_OFFSET, PATH.length);
    made.putInt(segment + RecordLayout.SEGMENT_LENGTH_OFFSET, PATH.length);
    made.put(segment + RecordLayout.SEGMENT_ARG_OFFSET, (byte) 1);
    made.put(segment + RecordLayout.SEGMENT_KIND_OFFSET, (byte) STRING);
    made.put(data, PATH);
    return made;
  }
}
