package dev.rastro.syscalls.text;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.rastro.syscalls.decode.CallDecoder;
import dev.rastro.syscalls.decode.CallDecoder.Part;
import dev.rastro.syscalls.decode.CallOptions;
import dev.rastro.syscalls.decode.CallSet;
import dev.rastro.syscalls.record.RecordLayout;
import dev.rastro.syscalls.record.RecordReader;
import dev.rastro.syscalls.record.RecordReader.Phase;
import dev.rastro.syscalls.table.Errnos;
import dev.rastro.syscalls.table.Kind;
import dev.rastro.syscalls.table.Names;
import dev.rastro.syscalls.table.Syscall;
import dev.rastro.syscalls.table.SyscallTable;
import java.util.Optional;
import java.util.Set;

/**
 * Writes strace's lines, without pid, time or newline. Not thread-safe; allocates nothing per line,
 * but for a call that is to be restarted: it is remembered until its thread's next.
 *
 * <p>A call that another task's line interrupts is written in two: {@link #unfinished} and {@link
 * #resumed}.
 */
public final class LineWriter {
  private static final int UNFINISHED_BLANK = 1;
  private static final Set<String> EXECS = Set.of("execve", "execveat");
  private static final String RESTART = "restart_syscall";

  private final CallDecoder decoder;
  private final TextOptions options;
  private final TextSink sink;
  private final SignalText signals;
  private final InterruptedCalls interrupted = new InterruptedCalls();
  private final CallSet raw;
  private final long setName;

  public LineWriter(SyscallTable table, TextOptions options) {
    this.decoder =
        new CallDecoder(
            table,
            new CallOptions(
                options.stringLimit(),
                options.verbose() ? CallSet.NONE : options.style().abbreviated(),
                options.style().followed()));
    this.options = options;
    this.sink = new TextSink(table, options.stringLimit(), options.style(), new TextBuffer());
    this.signals = new SignalText(decoder, options.style());
    this.raw = options.style().raw();
    this.setName =
        table.kind("prctl_option").orElse(null) instanceof Kind.Named option
            ? option.names().entries().stream()
                .filter(entry -> entry.text().equals("PR_SET_NAME"))
                .mapToLong(Names.Entry::value)
                .findFirst()
                .orElseThrow()
            : -1;
  }

  /**
   * The line of a record of any kind that strace knows: a call, a signal, an exit.
   *
   * @return false when there is no such line (fork, exec, an entry alone) and nothing was written
   */
  public boolean line(RecordReader record, TextBuffer out) {
    switch (record.kind()) {
      case RecordLayout.CALL -> call(record, out);
      case RecordLayout.CALL_BLOCKED -> unfinished(record, record, out);
      case RecordLayout.SIGNAL_DELIVER, RecordLayout.SIGNAL_GENERATE -> signal(record, out);
      case RecordLayout.EXIT -> exit(record, out);
      default -> {
        return false;
      }
    }
    return true;
  }

  /** {@code openat(AT_FDCWD, "/etc/passwd", O_RDONLY) = 3}. */
  public void call(RecordReader call, TextBuffer out) {
    call(call, call, out);
  }

  /**
   * The same for a call in two records.
   *
   * @param enter has the arguments and the memory
   * @param exit has the result
   */
  public void call(RecordReader enter, RecordReader exit, TextBuffer out) {
    call(enter, exit, out.length(), out);
  }

  /**
   * The same after a prefix.
   *
   * @param start where the line begins in {@code out}: the result's column counts from there
   */
  public void call(RecordReader enter, RecordReader exit, int start, TextBuffer out) {
    if (exit.has(RecordLayout.KILLED)) {
      broken(enter, exit, start, out);
      return;
    }
    name(enter, out);
    out.append('(');
    arguments(enter, exit, Part.ALL, out);
    out.append(')');
    result(enter, exit, start, out);
  }

  /** {@code pause() = ?}, {@code read(0, <unfinished ...>) = ?}: its task died in it. */
  private void broken(RecordReader enter, RecordReader exit, int start, TextBuffer out) {
    head(enter, exit, out);
    if (decoder.tellsAtReturn(enter)) {
      out.append(" <unfinished ...>");
    }
    out.append(')');
    result(enter, exit, start, out);
  }

  /** {@code wait4(-1, <unfinished ...>}: what is known before the call returns. */
  public void unfinished(RecordReader enter, RecordReader exit, TextBuffer out) {
    head(enter, exit, out);
    out.append(" <unfinished ...>");
  }

  /** {@code wait4(-1, }: the same as a line to be continued. */
  public void head(RecordReader enter, RecordReader exit, TextBuffer out) {
    name(enter, out);
    out.append('(');
    if (arguments(enter, exit, Part.HEAD, out) && !isLabelled(enter)) {
      out.append(", ");
    }
  }

  /** {@code <... wait4 resumed>[{WIFEXITED(s) && WEXITSTATUS(s) == 0}], 0, NULL) = 27498}. */
  public void resumed(RecordReader enter, RecordReader exit, TextBuffer out) {
    resumed(enter, exit, out.length(), out);
  }

  /**
   * The same after a prefix.
   *
   * @param start where the line begins in {@code out}: the result's column counts from there
   */
  public void resumed(RecordReader enter, RecordReader exit, int start, TextBuffer out) {
    out.append("<... ");
    name(enter, out);
    out.append(" resumed>");
    int before = out.length();
    if (!exit.has(RecordLayout.KILLED)) {
      arguments(enter, exit, Part.TAIL, out);
    }
    if (isLabelled(enter) && out.length() > before) {
      out.insert(before, ", ");
    }
    out.append(')');
    result(enter, exit, start, out);
  }

  /** Where arguments have labels, the comma goes with what follows it. */
  private boolean isLabelled(RecordReader call) {
    return decoder.find(call).name().equals("clone");
  }

  /** The call's name, or its number where there is no name to be had. */
  public void name(RecordReader call, TextBuffer out) {
    Syscall known = decoder.find(call);
    if (decoder.knows(call)) {
      out.append(known.name());
      return;
    }
    out.append("syscall_0x");
    // The kernel knows numbers of 32 bits; what was in the register was most likely this.
    long number = call.number();
    out.appendHexDigits(number, Math.max(1, (67 - Long.numberOfLeadingZeros(number)) / 4));
  }

  /**
   * The arguments of one part, without parentheses.
   *
   * @return whether some were written and others are left
   */
  public boolean arguments(RecordReader enter, RecordReader exit, Part part, TextBuffer out) {
    if (!decoder.knows(enter)) {
      if (part != Part.TAIL) {
        registers(enter, out);
      }
      return false;
    }
    if (raw.includes(enter.number())) {
      if (part != Part.TAIL) {
        bare(enter, decoder.find(enter).arguments().size(), out);
      }
      return false;
    }
    if (decoder.find(enter).name().equals(RESTART)) {
      if (part != Part.TAIL) {
        out.append("<... resuming interrupted ").append(interrupted.before(enter)).append(" ...>");
      }
      return false;
    }
    sink.describeFrom(enter, exit);
    return decoder.arguments(enter, exit, part, sink.writeTo(out));
  }

  /** As the call has them in its registers. */
  private static void bare(RecordReader call, int count, TextBuffer out) {
    for (int i = 0; i < Math.min(count, RecordLayout.ARGS); i++) {
      if (i > 0) {
        out.append(',').append(' ');
      }
      out.appendHex(call.argument(i));
    }
  }

  private static void registers(RecordReader call, TextBuffer out) {
    bare(call, RecordLayout.ARGS, out);
    switch (call.abi()) {
      case RecordLayout.ABI_COMPAT32 -> out.append(" /* 32-bit */");
      case RecordLayout.ABI_X32 -> out.append(" /* x32 */");
      default -> {}
    }
  }

  /** Whether the call executes another program in its process. */
  public boolean isExec(RecordReader call) {
    return EXECS.contains(decoder.find(call).name());
  }

  /** The name that the call gives the task which makes it, if that is what it does. */
  public Optional<String> newName(RecordReader call) {
    if (call.argument(0) != setName || !decoder.find(call).name().equals("prctl")) {
      return Optional.empty();
    }
    int segment = call.find(call.argument(1), 1, Phase.IN);
    if (segment == RecordReader.NO_SEGMENT) {
      return Optional.empty();
    }
    int length = Math.min(call.segmentLength(segment), RecordLayout.COMM_BYTES - 1);
    byte[] name = new byte[length];
    call.buffer().get(call.segmentData(segment), name);
    int end = 0;
    while (end < length && name[end] != 0) {
      end++;
    }
    return Optional.of(new String(name, 0, end, ISO_8859_1));
  }

  /** {@code execve("/bin/true", ["true"], 0x7ffd9d1ff6f8 <detached ...>}. */
  public void detached(RecordReader enter, RecordReader exit, TextBuffer out) {
    name(enter, out);
    out.append('(');
    boolean unused = arguments(enter, exit, Part.ALL, out);
    out.append(" <detached ...>");
  }

  /** The bytes that a call moved, below its line. */
  public void data(DataDump dump, RecordReader enter, RecordReader exit, TextBuffer out) {
    if (decoder.knows(enter) && !exit.has(RecordLayout.NO_RETURN)) {
      dump.write(decoder.find(enter), enter, exit.result(), out);
    }
  }

  /**
   * Blanks up to the result's column, {@code = }, and the result.
   *
   * @param start where the line begins in {@code out}
   */
  public void result(RecordReader enter, RecordReader exit, int start, TextBuffer out) {
    out.padTo(start, options.resultColumn() - UNFINISHED_BLANK);
    out.append(" = ");
    resultValue(enter, exit, out);
    interrupted.returned(exit, decoder.find(enter).name());
  }

  /** What stands right of {@code = }. */
  public void resultValue(RecordReader enter, RecordReader exit, TextBuffer out) {
    long result = exit.result();
    if (exit.has(RecordLayout.NO_RETURN) || exit.has(RecordLayout.KILLED)) {
      out.append('?');
    } else if (CallDecoder.isError(result)) {
      error(out, (int) -result);
    } else if (!decoder.knows(enter) || raw.includes(enter.number())) {
      out.appendHex(result);
    } else {
      sink.describeFrom(enter, exit);
      decoder.result(enter, exit, sink.writeTo(out));
    }
  }

  private static void error(TextBuffer out, int errno) {
    if (!Errnos.isKnown(errno)) {
      out.append("-1 (errno ").appendDecimal(errno).append(')');
      return;
    }
    String name = Errnos.name(errno);
    out.append(name.startsWith("ERESTART") ? "? " : "-1 ");
    out.append(name).append(" (").append(Errnos.text(errno)).append(')');
  }

  /** {@code --- SIGCHLD {si_signo=SIGCHLD, …} ---}, {@code --- stopped by SIGSTOP ---}. */
  public void signal(RecordReader signal, TextBuffer out) {
    out.append("--- ");
    signals.name(signal, out);
    out.append(' ');
    signals.details(signal, out);
    out.append(" ---");
  }

  /** What stands in the braces of a signal's line, with them. */
  public void signalDetails(RecordReader signal, TextBuffer out) {
    signals.details(signal, out);
  }

  /** The line of a task that a signal has stopped. */
  public void stopped(int signal, TextBuffer out) {
    out.append("--- stopped by ");
    SignalText.name(signal, out);
    out.append(" ---");
  }

  /** {@code +++ exited with 0 +++}. */
  public void exit(RecordReader exit, TextBuffer out) {
    out.append("+++ ");
    exitStatus(exit.exitStatus(), out);
    out.append(" +++");
  }

  /**
   * {@code exited with 0}, {@code killed by SIGSEGV (core dumped)}.
   *
   * @param status as wait(2) reports it
   */
  public static void exitStatus(int status, TextBuffer out) {
    int signal = status & 0x7f;
    if (signal == 0) {
      out.append("exited with ").appendDecimal((status >> 8) & 0xff);
      return;
    }
    out.append("killed by ");
    SignalText.name(signal, out);
    if ((status & 0x80) != 0) {
      out.append(" (core dumped)");
    }
  }
}
