package dev.rastro.syscalls.decode;

import dev.rastro.syscalls.record.RecordLayout;
import dev.rastro.syscalls.record.RecordReader;
import dev.rastro.syscalls.table.Kind;
import dev.rastro.syscalls.table.Syscall;
import dev.rastro.syscalls.table.SyscallTable;
import dev.rastro.syscalls.table.Variants;
import java.util.List;
import java.util.Set;

/**
 * Walks calls and tells a {@link Sink} what they hold. Whatever the record's bytes are, the walk
 * ends; memory that is not in the record is told as an address.
 *
 * <p>Not thread-safe: each thread has its own. Allocates nothing per call.
 */
public final class CallDecoder {

  /** What {@link #find} answers for numbers that the table lacks and for calls of another ABI. */
  public static final Syscall UNKNOWN =
      new Syscall(
          -1,
          "",
          List.of(),
          new Kind.Scalar("long", Kind.Format.DECIMAL, Long.BYTES, true),
          Set.of(),
          "");

  /** The arguments before and after the point at which a tracer has to wait for the return. */
  public enum Part {
    ALL,
    /** Those that are known at entry: all up to the first that the kernel writes. */
    HEAD,
    /** The rest. */
    TAIL
  }

  private static final long ERROR_MAX = 4095;

  private final SyscallTable table;
  private final Syscall[] calls = new Syscall[RecordLayout.SYSCALL_SLOTS];
  private final Variants[] variants = new Variants[RecordLayout.SYSCALL_SLOTS];
  private final Walk walk;

  public CallDecoder(SyscallTable table, DecodeOptions options) {
    this(table, CallOptions.same(options));
  }

  public CallDecoder(SyscallTable table, CallOptions options) {
    this.table = table;
    this.walk = new Walk(table, new Specials(), options);
  }

  /** The sets of names of this decoder's table. */
  public NameSource names() {
    return walk::names;
  }

  /** The names of this decoder's calls by number, for the architecture of its table alone. */
  public SignalFields.SyscallNames syscallNames() {
    return walk.vocabulary()::syscall;
  }

  /** The table's row for a call, or {@link #UNKNOWN}. */
  public Syscall find(RecordReader call) {
    int number = call.number();
    if (call.abi() != RecordLayout.ABI_NATIVE || number < 0 || number >= calls.length) {
      return UNKNOWN;
    }
    Syscall known = calls[number];
    if (known == null) {
      known = table.find(number).orElse(UNKNOWN);
      calls[number] = known;
    }
    return known;
  }

  /** The call as its command makes it. */
  private Syscall resolve(RecordReader call) {
    Syscall known = find(call);
    if (known.number() < 0) {
      return known;
    }
    Variants of = variants[known.number()];
    if (of == null) {
      of = table.variants(known);
      variants[known.number()] = of;
    }
    if (of.isEmpty()) {
      return known;
    }
    int sizeBytes = known.arguments().get(of.command()).kind().sizeBytes();
    return of.find(call.argument(of.command()) & Walk.mask(sizeBytes), known);
  }

  /** Whether the table says what the call is. */
  public boolean knows(RecordReader call) {
    return find(call).number() >= 0;
  }

  /** Whether some argument is told only when the call returns, or told anew then. */
  public boolean tellsAtReturn(RecordReader call) {
    for (Syscall.Argument argument : find(call).arguments()) {
      if (argument.direction() != Syscall.Direction.IN) {
        return true;
      }
    }
    return false;
  }

  /** Whether the result is an error number, negated. */
  public static boolean isError(long result) {
    return result < 0 && result >= -ERROR_MAX;
  }

  /** Tells the arguments, and the result if the call returned without an error. */
  public void decode(RecordReader call, Sink sink) {
    decode(call, call, sink);
  }

  /**
   * The same for a call in two records.
   *
   * @param enter has the arguments and the memory
   * @param exit has the result
   */
  public void decode(RecordReader enter, RecordReader exit, Sink sink) {
    arguments(enter, exit, Part.ALL, sink);
    result(enter, exit, sink);
  }

  /**
   * Tells the arguments of one part.
   *
   * @return whether some were told and others are left
   */
  public boolean arguments(RecordReader enter, RecordReader exit, Part part, Sink sink) {
    walk.begin(resolve(enter), enter, exit.result(), isError(exit.result()), sink);
    return walk.arguments(part);
  }

  /** Tells the result; nothing when it is an error or the call never returns. */
  public void result(RecordReader enter, RecordReader exit, Sink sink) {
    if (exit.has(RecordLayout.NO_RETURN) || isError(exit.result())) {
      return;
    }
    walk.begin(resolve(enter), enter, exit.result(), false, sink);
    walk.result();
  }
}
