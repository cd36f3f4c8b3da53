// SPDX-License-Identifier: Apache-2.0
package dev.rastro.client.printing;

import dev.rastro.v1.InFlight;
import dev.rastro.v1.ListInFlightResponse;
import dev.rastro.v1.WaitCycle;
import java.util.List;

/** {@code rastro stuck}: two lines a thread, what it does in words and its call. */
public final class StuckPage {
  private static final String INDENT = "    ";
  private static final String UNFINISHED = " <unfinished ...>";

  private StuckPage() {}

  public static String of(ListInFlightResponse answer) {
    StringBuilder page = new StringBuilder();
    for (WaitCycle cycle : answer.getCyclesList()) {
      page.append(Printable.line("deadlock: " + cycle.getSentence())).append('\n');
    }
    append(page, answer.getCallsList());
    if (answer.getCallsCount() == 0) {
      page.append("no thread sleeps inside a system call for so long\n");
    }
    if (answer.getRelatedCount() > 0) {
      page.append("\nthose that are waited for:\n");
      append(page, answer.getRelatedList());
    }
    if (answer.getThreadsLeftOut() > 0) {
      page.append("not looked at: ").append(answer.getThreadsLeftOut()).append(" threads\n");
    }
    return page.toString();
  }

  private static void append(StringBuilder page, List<InFlight> calls) {
    for (InFlight call : calls) {
      boolean leader = call.getTid() == call.getProcess().getPid();
      String whose = leader ? "" : " of " + call.getProcess().getPid();
      String what = call.getTid() + " (" + call.getComm() + ")" + whose + " " + call.getSentence();
      page.append(Printable.line(what)).append('\n');
      page.append(INDENT).append(Printable.line(head(call.getLine()))).append('\n');
    }
  }

  /** What the kernel has yet to write is not there: {@code read(3, ...)}. */
  private static String head(String line) {
    String known =
        line.endsWith(UNFINISHED) ? line.substring(0, line.length() - UNFINISHED.length()) : line;
    return known + (known.endsWith(", ") ? "...)" : ")");
  }
}
