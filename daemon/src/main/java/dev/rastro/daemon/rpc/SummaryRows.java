// SPDX-License-Identifier: Apache-2.0
package dev.rastro.daemon.rpc;

import dev.rastro.daemon.aggregate.Histogram;
import dev.rastro.daemon.aggregate.Snapshot;
import dev.rastro.daemon.aggregate.WatchedProcess;
import dev.rastro.daemon.kernel.ProcessKey;
import dev.rastro.syscalls.record.RecordLayout;
import dev.rastro.syscalls.table.Errnos;
import dev.rastro.syscalls.table.Syscall;
import dev.rastro.syscalls.table.SyscallTable;
import dev.rastro.v1.Bucket;
import dev.rastro.v1.ErrorCount;
import dev.rastro.v1.Quantile;
import dev.rastro.v1.SummaryRow;
import java.util.List;
import java.util.Map;

/** Sums in the words of the proto. */
final class SummaryRows {
  static final List<Double> STANDARD_FRACTIONS = List.of(0.5, 0.9, 0.99, 0.999);

  private final SyscallTable table;
  private final List<Double> fractions;

  /**
   * @param fractions of which each row has the quantiles
   */
  SummaryRows(SyscallTable table, List<Double> fractions) {
    this.table = table;
    this.fractions = List.copyOf(fractions);
  }

  SummaryRow row(Snapshot.Row row) {
    SummaryRow.Builder message = SummaryRow.newBuilder();
    name(message, row.process(), row.slot(), row.comm());
    message
        .setCalls(row.calls())
        .setErrors(row.errors())
        .setTotalNanos(row.totalNanos())
        .setMinNanos(row.timed() == 0 ? 0 : row.minNanos())
        .setMaxNanos(row.maxNanos())
        .setExtremesAreBounds(!row.extremesExact())
        .setTimedCalls(row.timed())
        .setEndsOfStream(row.endsOfStream())
        .setIdleWakeups(row.idleWakeups());
    if (row.uid() != WatchedProcess.NOBODY_KNOWS) {
      message.setUid(row.uid());
    }
    row.errorsByErrno().entrySet().stream()
        .sorted(Map.Entry.<Integer, Long>comparingByValue().reversed())
        .forEach(
            error ->
                message.addErrorsByErrno(
                    ErrorCount.newBuilder()
                        .setName(Errnos.name(error.getKey()))
                        .setNumber(error.getKey())
                        .setCount(error.getValue())));
    addDurations(message, row);
    return message.build();
  }

  /** What a row stands for. */
  void name(SummaryRow.Builder message, ProcessKey process, int slot, String comm) {
    message.setComm(comm).setSyscall(name(slot));
    if (!process.equals(ProcessKey.NONE)) {
      message.setProcess(Wire.key(process));
    }
    if (slot != Snapshot.Row.NO_SLOT && isNumber(slot)) {
      message.setNumber(slot);
    }
  }

  private static boolean isNumber(int slot) {
    return slot != RecordLayout.SLOT_UNKNOWN && slot != RecordLayout.SLOT_FOREIGN;
  }

  /** Of a syscall; empty for a row that stands for none. */
  String name(int slot) {
    return switch (slot) {
      case Snapshot.Row.NO_SLOT -> "";
      case RecordLayout.SLOT_UNKNOWN -> "(number past the table)";
      case RecordLayout.SLOT_FOREIGN -> "(32-bit or x32 call)";
      default -> table.find(slot).map(Syscall::name).orElse("syscall_0x%x".formatted(slot));
    };
  }

  private void addDurations(SummaryRow.Builder message, Snapshot.Row row) {
    Histogram histogram = row.histogram();
    if (histogram.total() == 0) {
      return;
    }
    for (double fraction : fractions) {
      long nanos = Math.min(histogram.quantileNanos(fraction), row.maxNanos());
      message.addQuantiles(Quantile.newBuilder().setFraction(fraction).setNanos(nanos));
    }
    for (int bucket = 0; bucket < Histogram.BUCKETS; bucket++) {
      if (histogram.count(bucket) > 0) {
        message
            .getHistogramBuilder()
            .addBuckets(
                Bucket.newBuilder()
                    .setBelowNanos(Histogram.belowNanos(bucket))
                    .setCount(histogram.count(bucket)));
      }
    }
  }
}
