package dev.rastro.daemon.rpc;

import dev.rastro.daemon.session.Batch;
import dev.rastro.syscalls.decode.CallDecoder;
import dev.rastro.syscalls.decode.DecodeOptions;
import dev.rastro.syscalls.record.BatchReader;
import dev.rastro.syscalls.record.RecordLayout;
import dev.rastro.syscalls.record.RecordReader;
import dev.rastro.syscalls.table.Errnos;
import dev.rastro.syscalls.table.Signals;
import dev.rastro.syscalls.table.Syscall;
import dev.rastro.syscalls.table.SyscallTable;
import dev.rastro.syscalls.text.DescriptorChoice;
import dev.rastro.syscalls.text.LineWriter;
import dev.rastro.syscalls.text.TextBuffer;
import dev.rastro.syscalls.text.TextOptions;
import dev.rastro.syscalls.text.TextSink;
import dev.rastro.syscalls.text.TextStyle;
import dev.rastro.v1.Abi;
import dev.rastro.v1.Call;
import dev.rastro.v1.Event;
import dev.rastro.v1.EventBatch;
import dev.rastro.v1.Exec;
import dev.rastro.v1.Exit;
import dev.rastro.v1.Fork;
import dev.rastro.v1.ProcessKey;
import dev.rastro.v1.Signal;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Records into events, for those who do not decode themselves. Joins the record of an execve's
 * entry with that of its return. One object serves one stream and is used by one thread at a time.
 */
final class EventDecoder {

  /** Entries that wait for their return; the oldest gives way. */
  private static final int MAX_ENTRIES = 1024;

  /** Of what is not counted as an event. */
  private static final long NO_SEQUENCE = 0;

  /** Of si_code in siginfo_t: behind si_signo and si_errno. */
  private static final int CODE_OFFSET = 8;

  private static final Pattern SENDER = Pattern.compile("si_pid=(\\d+)");

  private final CallDecoder decoder;
  private final CloneFlags cloneFlags;
  private final LineWriter lines;
  private final boolean withLine;
  private final BatchReader batches = new BatchReader();
  private final RecordReader entry = new RecordReader();
  private final TextBuffer text = new TextBuffer();
  private final TextBuffer line = new TextBuffer();
  private final TextSink words;
  private final ValueSink values;
  private final Map<Integer, ByteBuffer> entries =
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Integer, ByteBuffer> eldest) {
          return size() > MAX_ENTRIES;
        }
      };

  EventDecoder(SyscallTable table, int stringLimit, boolean verbose, boolean withLine) {
    this(table, stringLimit, verbose, withLine, DescriptorChoice.NONE);
  }

  EventDecoder(
      SyscallTable table,
      int stringLimit,
      boolean verbose,
      boolean withLine,
      DescriptorChoice descriptors) {
    this.decoder = new CallDecoder(table, new DecodeOptions(stringLimit, verbose));
    this.cloneFlags = CloneFlags.of(table);
    TextStyle style = TextStyle.DEFAULT.withDescriptors(descriptors);
    this.lines =
        new LineWriter(
            table,
            new TextOptions(stringLimit, verbose, TextOptions.DEFAULT.resultColumn(), style));
    this.withLine = withLine;
    this.words = new TextSink(table, stringLimit, style, text);
    this.values = new ValueSink(words, stringLimit);
  }

  /** Reads the batch and keeps nothing of it. */
  EventBatch decode(Batch batch, long cursor) {
    EventBatch.Builder events = EventBatch.newBuilder().setCursor(cursor);
    ByteBuffer records = batch.records();
    batches.wrap(records, 0, batch.length());
    long sequence = batch.firstSequence();
    while (batches.next()) {
      RecordReader record = batches.record();
      if (record.kind() == RecordLayout.CALL_ENTER) {
        remember(record);
      } else if (record.kind() == RecordLayout.CALL_BLOCKED) {
        events.addEvents(event(record, NO_SEQUENCE));
      } else {
        events.addEvents(event(record, sequence));
        sequence++;
      }
    }
    return events.build();
  }

  /** A notice that a call blocks. */
  Event blockedCall(ByteBuffer record) {
    return event(entry(record), NO_SEQUENCE);
  }

  private void remember(RecordReader record) {
    byte[] copy = new byte[record.length()];
    record.buffer().get(record.offset(), copy);
    entries.remove(record.tid());
    entries.put(record.tid(), ByteBuffer.wrap(copy).order(ByteOrder.LITTLE_ENDIAN));
  }

  private Event event(RecordReader record, long sequence) {
    Event.Builder event =
        Event.newBuilder()
            .setSequence(sequence)
            .setTimeNanos(record.timeNanos())
            .setProcess(ProcessKey.newBuilder().setPid(record.tgid()))
            .setTid(record.tid());
    line.clear();
    switch (record.kind()) {
      case RecordLayout.CALL -> event.setCall(call(record));
      case RecordLayout.CALL_BLOCKED -> event.setCall(blocked(record));
      case RecordLayout.SIGNAL_DELIVER, RecordLayout.SIGNAL_GENERATE ->
          event.setSignal(signal(record));
      case RecordLayout.FORK -> event.setFork(fork(record));
      case RecordLayout.EXEC -> event.setExec(exec(event, record));
      case RecordLayout.EXIT -> event.setExit(exit(event, record));
      default -> throw new IllegalStateException("record of kind " + record.kind());
    }
    if (withLine) {
      event.setLine(line.toString());
    }
    return event.build();
  }

  /** What is known of a call that has not returned. */
  private Call blocked(RecordReader record) {
    if (withLine) {
      lines.unfinished(record, record, line);
    }
    Call.Builder call =
        Call.newBuilder()
            .setNumber(record.number())
            .setName(decoder.find(record).name())
            .setAbi(abi(record))
            .setBlocked(true);
    text.clear();
    words.writeTo(text);
    decoder.arguments(record, record, CallDecoder.Part.HEAD, values.into(call));
    return call.build();
  }

  private Call call(RecordReader record) {
    RecordReader from = record;
    if (record.has(RecordLayout.HAS_ENTER)) {
      from = entryOf(record).map(this::entry).orElse(record);
    }
    if (withLine) {
      lines.call(from, record, line);
    }
    Syscall syscall = decoder.find(from);
    Call.Builder call =
        Call.newBuilder().setNumber(record.number()).setName(syscall.name()).setAbi(abi(record));
    text.clear();
    words.describeFrom(from, record);
    words.writeTo(text);
    decoder.arguments(from, record, CallDecoder.Part.ALL, values.into(call));
    text.clear();
    words.writeTo(text);
    if (!record.has(RecordLayout.NO_RETURN) && !record.has(RecordLayout.KILLED)) {
      call.setResult(record.result());
      if (CallDecoder.isError(record.result())) {
        int errno = (int) -record.result();
        call.setError(Errnos.name(errno));
        text.append("-1 ").append(Errnos.name(errno)).append(" (");
        text.append(Errnos.text(errno)).append(')');
      } else {
        decoder.result(from, record, values);
      }
      call.setResultText(text.toString());
      if (!record.has(RecordLayout.NO_DURATION)) {
        call.setDurationNanos(record.durationNanos());
      }
    }
    return call.build();
  }

  /**
   * The entry of a call that has returned. A thread that executes comes back under its leader's
   * tid; all others of its process are gone by then, so that the process tells which entry it was.
   */
  private Optional<ByteBuffer> entryOf(RecordReader record) {
    ByteBuffer same = entries.remove(record.tid());
    if (same != null) {
      return Optional.of(same);
    }
    Optional<Map.Entry<Integer, ByteBuffer>> found =
        entries.entrySet().stream()
            .filter(
                pending ->
                    pending.getValue().getInt(RecordLayout.HEAD_TGID_OFFSET) == record.tgid())
            .findFirst();
    found.ifPresent(pending -> entries.remove(pending.getKey()));
    return found.map(Map.Entry::getValue);
  }

  private RecordReader entry(ByteBuffer bytes) {
    return entry.wrap(bytes, 0, bytes.limit());
  }

  private static Abi abi(RecordReader record) {
    return switch (record.abi()) {
      case RecordLayout.ABI_COMPAT32 -> Abi.ABI_COMPAT32;
      case RecordLayout.ABI_X32 -> Abi.ABI_X32;
      default -> Abi.ABI_UNSPECIFIED;
    };
  }

  private Signal signal(RecordReader record) {
    lines.signal(record, line);
    String told = line.toString();
    int from = told.indexOf('{');
    int to = told.lastIndexOf('}');
    String details = from >= 0 && to > from ? told.substring(from, to + 1) : "";
    Signal.Builder signal =
        Signal.newBuilder()
            .setNumber(record.number())
            .setName(Signals.name(record.number()))
            .setText(details)
            .setIgnored(record.kind() == RecordLayout.SIGNAL_GENERATE)
            .setCode(record.buffer().getInt(record.signalInfo() + CODE_OFFSET));
    Matcher sender = SENDER.matcher(details);
    if (sender.find()) {
      signal.setSenderPid(Integer.parseInt(sender.group(1)));
    }
    return signal.build();
  }

  private Fork fork(RecordReader record) {
    return Fork.newBuilder()
        .setChild(
            ProcessKey.newBuilder()
                .setPid(record.childTgid())
                .setStartTimeNanos(record.startNanos()))
        .setChildTid(record.childTid())
        .setThread(record.childTgid() == record.tgid())
        .setNamespacePid(record.childNamespaceTgid())
        .addAllCloneFlags(cloneFlags.names(record.cloneFlags()))
        .build();
  }

  private static Exec exec(Event.Builder event, RecordReader record) {
    event.getProcessBuilder().setStartTimeNanos(record.startNanos());
    Exec.Builder exec =
        Exec.newBuilder()
            .setFilename(record.filename())
            .setComm(record.comm())
            .setUid(record.uid())
            .addAllArguments(record.arguments())
            .setArgumentsTruncated(record.argumentBytes() > RecordLayout.ARGUMENT_BYTES);
    if (record.oldTid() != record.tid()) {
      exec.setOldTid(record.oldTid());
    }
    return exec.build();
  }

  private Exit exit(Event.Builder event, RecordReader record) {
    event.getProcessBuilder().setStartTimeNanos(record.startNanos());
    lines.exit(record, line);
    entries.remove(record.tid());
    return Exit.newBuilder()
        .setStatus(record.exitStatus())
        .setProcessEnded(record.processEnded())
        .setText(WaitStatus.text(record.exitStatus()))
        .setComm(record.comm())
        .build();
  }
}
