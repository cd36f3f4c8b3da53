package dev.rastro.client.printing;

import dev.rastro.syscalls.record.RecordLayout;
import dev.rastro.syscalls.record.RecordReader;
import dev.rastro.syscalls.table.Syscall;
import dev.rastro.syscalls.table.SyscallTable;
import dev.rastro.v1.GetSummaryResponse;
import dev.rastro.v1.SummaryRow;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Calls added up here, out of records that were seen, for {@code -C}. */
public final class CallCounts {
  private static final long LARGEST_ERROR = 4095;

  /** The result's kind in the table's notation. */
  private static final String NEVER = "never";

  private static final class Sum {
    long calls;
    long errors;
    long nanos;
    long min = Long.MAX_VALUE;
    long max;
  }

  private final SyscallTable table;
  private final Map<String, Sum> sums = new HashMap<>();

  public CallCounts(SyscallTable table) {
    this.table = table;
  }

  /** Counts it as strace does: a call that never returns is none. */
  public void add(RecordReader call) {
    if (call.has(RecordLayout.NO_RETURN)) {
      return;
    }
    Sum sum = sums.computeIfAbsent(name(call), name -> new Sum());
    sum.calls++;
    if (call.result() < 0 && call.result() >= -LARGEST_ERROR) {
      sum.errors++;
    }
    if (!call.has(RecordLayout.NO_DURATION)) {
      sum.nanos += call.durationNanos();
      sum.min = Math.min(sum.min, call.durationNanos());
      sum.max = Math.max(sum.max, call.durationNanos());
    }
  }

  public List<CountTable.Row> rows() {
    List<CountTable.Row> rows = new ArrayList<>();
    sums.forEach(
        (name, sum) ->
            rows.add(
                new CountTable.Row(
                    name,
                    number(name),
                    sum.calls,
                    sum.errors,
                    sum.nanos,
                    Math.min(sum.min, sum.max),
                    sum.max)));
    return rows;
  }

  /** Rows for {@code -c}, which leaves out calls that never return. */
  public static List<CountTable.Row> rows(GetSummaryResponse summary, SyscallTable table) {
    List<CountTable.Row> rows = new ArrayList<>();
    for (SummaryRow row : summary.getRowsList()) {
      Optional<Syscall> syscall = table.find(row.getSyscall());
      if (syscall.map(one -> one.result().name().equals(NEVER)).orElse(false)) {
        continue;
      }
      rows.add(
          new CountTable.Row(
              row.getSyscall(),
              row.getNumber(),
              row.getCalls(),
              row.getErrors(),
              row.getTotalNanos(),
              row.getMinNanos(),
              row.getMaxNanos()));
    }
    return rows;
  }

  private String name(RecordReader call) {
    if (call.abi() != RecordLayout.ABI_NATIVE) {
      return "foreign_abi_" + call.number();
    }
    return table
        .find(call.number())
        .map(Syscall::name)
        .orElseGet(() -> "syscall_0x" + Integer.toHexString(call.number()));
  }

  private int number(String name) {
    return table.find(name).map(Syscall::number).orElse(Integer.MAX_VALUE);
  }
}
