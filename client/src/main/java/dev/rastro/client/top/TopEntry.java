// SPDX-License-Identifier: Apache-2.0
package dev.rastro.client.top;

import dev.rastro.client.sums.CallSums;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A line of the table: a process, a system call, or one of the other.
 *
 * @param pid 0 when the line stands for a system call
 * @param comm of the process, else empty
 * @param syscall empty when the line stands for a process
 */
record TopEntry(int pid, String comm, String syscall, CallSums sums) {

  /** What a line stands for, to be found again in the next picture. */
  record Label(int pid, String syscall) {}

  Label label() {
    return new Label(pid, syscall);
  }

  /** What the question asks for, in its order. */
  static List<TopEntry> of(TopTable table, TopQuestion question) {
    Map<Label, TopEntry> entries = new HashMap<>();
    for (TopTable.Row row : table.rows()) {
      CallSums sums = question.recent() ? row.recent() : row.all();
      if (sums.calls() > 0 && question.asksFor(row)) {
        TopEntry entry = of(row, question.by(), sums);
        entries.merge(entry.label(), entry, TopEntry::plus);
      }
    }
    return entries.values().stream()
        .filter(entry -> entry.contains(question.filter()))
        .sorted(order(question))
        .toList();
  }

  private static TopEntry of(TopTable.Row row, TopQuestion.By by, CallSums sums) {
    return switch (by) {
      case PROCESS -> new TopEntry(row.pid(), row.comm(), "", sums);
      case SYSCALL -> new TopEntry(0, "", row.syscall(), sums);
      case BOTH -> new TopEntry(row.pid(), row.comm(), row.syscall(), sums);
    };
  }

  private TopEntry plus(TopEntry other) {
    return new TopEntry(pid, comm, syscall, sums.plus(other.sums));
  }

  private boolean contains(String filter) {
    return filter.isEmpty()
        || comm.toLowerCase(Locale.ROOT).contains(filter)
        || syscall.contains(filter)
        || Integer.toString(pid).equals(filter);
  }

  private static Comparator<TopEntry> order(TopQuestion question) {
    Comparator<TopEntry> order =
        switch (question.sort()) {
          case CALLS -> Comparator.comparingLong((TopEntry entry) -> entry.sums.calls()).reversed();
          case ERRORS ->
              Comparator.comparingLong((TopEntry entry) -> entry.sums.errors()).reversed();
          case TIME ->
              Comparator.comparingLong((TopEntry entry) -> entry.sums.totalNanos()).reversed();
          case P99 ->
              Comparator.comparingLong((TopEntry entry) -> entry.sums.quantileNanos(0.99))
                  .reversed();
          case NAME -> Comparator.comparing(TopEntry::comm).thenComparing(TopEntry::syscall);
        };
    return (question.reversed() ? order.reversed() : order)
        .thenComparing(TopEntry::pid)
        .thenComparing(TopEntry::syscall);
  }
}
