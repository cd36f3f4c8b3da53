// SPDX-License-Identifier: Apache-2.0
package dev.rastro.client.sums;

import dev.rastro.v1.GetSummaryResponse;
import dev.rastro.v1.SummaryRow;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What was called how often, by syscall: one side of a comparison. Immutable.
 *
 * @param name where it comes from
 * @param incompleteBecause empty when nothing that should have been counted was missed
 */
public record CallTable(
    String name, Map<String, CallSums> bySyscall, List<String> incompleteBecause) {

  public CallTable {
    bySyscall = Map.copyOf(bySyscall);
    incompleteBecause = List.copyOf(incompleteBecause);
  }

  /**
   * @throws IllegalArgumentException when the rows do not stand for syscalls
   */
  public static CallTable of(String name, GetSummaryResponse summary) {
    Map<String, CallSums> sums = new TreeMap<>();
    for (SummaryRow row : summary.getRowsList()) {
      if (row.getSyscall().isEmpty()) {
        throw new IllegalArgumentException("its rows stand for no system calls");
      }
      sums.merge(row.getSyscall(), CallSums.of(row), CallSums::plus);
    }
    return new CallTable(name, sums, summary.getIncompleteBecauseList());
  }

  /** Both together, under the name of this. */
  public CallTable plus(CallTable other) {
    Map<String, CallSums> sums = new TreeMap<>(bySyscall);
    other.bySyscall.forEach((syscall, more) -> sums.merge(syscall, more, CallSums::plus));
    List<String> reasons = new ArrayList<>(incompleteBecause);
    reasons.addAll(other.incompleteBecause);
    return new CallTable(name, sums, reasons);
  }

  /** The same, with one more reason for which it is not complete. */
  public CallTable missing(String why) {
    List<String> reasons = new ArrayList<>(incompleteBecause);
    reasons.add(why);
    return new CallTable(name, bySyscall, reasons);
  }

  public CallSums of(String syscall) {
    return bySyscall.getOrDefault(syscall, CallSums.NONE);
  }

  public CallSums total() {
    return CallSums.of(bySyscall.values());
  }
}
