// SPDX-License-Identifier: Apache-2.0
package dev.rastro.client.printing;

import dev.rastro.v1.Event;
import dev.rastro.v1.Exit;
import dev.rastro.v1.Fork;
import dev.rastro.v1.Gap;
import dev.rastro.v1.Process;
import dev.rastro.v1.TraceResponse;
import java.util.Locale;
import java.util.Optional;

/**
 * {@code rastro tree}: a line for each fork, exec and exit as they come, moved in by the depth in
 * the tree, and the whole tree at the end; or one JSON object for each.
 */
public final class TreePrinter {
  private static final double NANOS_PER_SECOND = 1e9;
  private static final String INDENT = "  ";
  private static final int DEEPEST_INDENT = 30;

  private final Output output;
  private final boolean json;
  private final boolean threads;
  private final ForkTree tree = new ForkTree();
  private long beginNanos;

  /**
   * @param threads tell of threads, too
   */
  public TreePrinter(Output output, boolean json, boolean threads) {
    this.output = output;
    this.json = json;
    this.threads = threads;
  }

  /** One that was there before; parents come before their children. */
  public void present(Process process) {
    ForkTree.Node node = tree.present(process);
    if (json) {
      output.write(JsonLines.line(process));
    } else {
      output.write(
          line(
              0, node.depth(), process.getKey().getPid(), "is there: " + process.getCommandLine()));
    }
  }

  /** The command that is run for this. */
  public void root(int pid) {
    tree.root(pid);
  }

  public void event(Event event) {
    int pid = event.getProcess().getPid();
    switch (event.getEventCase()) {
      case FORK -> fork(event, pid, event.getFork());
      case EXEC ->
          write(event, pid, tree.exec(pid, event.getExec()), ForkTree.program(event.getExec()));
      case EXIT -> exit(event, pid, event.getExit());
      default -> {
        // Nothing else was asked for.
      }
    }
  }

  private void fork(Event event, int pid, Fork fork) {
    String how = CloneWords.of(fork.getCloneFlagsList());
    String details = how.isEmpty() ? "" : "; " + how;
    if (!fork.getThread()) {
      write(event, fork.getChild().getPid(), tree.fork(pid, fork), "forked" + details);
    } else if (threads) {
      write(event, pid, tree.find(pid), "began thread " + fork.getChildTid() + details);
    }
  }

  private void exit(Event event, int pid, Exit exit) {
    if (exit.getProcessEnded()) {
      write(event, pid, tree.exit(pid, exit.getText()), exit.getText());
    } else if (threads) {
      write(event, pid, tree.find(pid), "thread " + event.getTid() + " " + exit.getText());
    }
  }

  public void gap(Gap gap) {
    output.write(
        json
            ? JsonLines.line(TraceResponse.newBuilder().setGap(gap))
            : "rastro: " + LossText.gap(gap) + "\n");
  }

  /** The tree as it stands. */
  public void finish() {
    if (!json) {
      output.write("\n" + tree.text());
    }
  }

  /** Those that are not in the tree are not ours. */
  private void write(Event event, int pid, Optional<ForkTree.Node> node, String text) {
    node.ifPresent(
        known ->
            output.write(
                json
                    ? JsonLines.line(event)
                    : line(event.getTimeNanos(), known.depth(), pid, text)));
  }

  /** Times count from the first event. */
  private String line(long timeNanos, int depth, int pid, String text) {
    if (beginNanos == 0) {
      beginNanos = timeNanos;
    }
    return String.format(
        Locale.ROOT,
        "%8.3f %s%d %s%n",
        timeNanos == 0 ? 0 : (timeNanos - beginNanos) / NANOS_PER_SECOND,
        INDENT.repeat(Math.min(depth, DEEPEST_INDENT)),
        pid,
        Printable.line(text));
  }
}
