// SPDX-License-Identifier: Apache-2.0
package dev.rastro.endtoend;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One stream that is read by a program of its own, in Python, as a stranger would. */
record Watch(Run.Running running) implements AutoCloseable {

  /** What there was in a stream that has ended. */
  record Seen(String json) {
    long number(String name) {
      Matcher number = Pattern.compile("\"" + name + "\": (\\d+)").matcher(json);
      if (!number.find()) {
        throw new AssertionError("no " + name + " in " + json);
      }
      return Long.parseLong(number.group(1));
    }

    /** Each as cause and count. */
    List<String> gaps() {
      Matcher gaps = Pattern.compile("\\[\"(LOSS_\\w+)\", (\\d+)\\]").matcher(json);
      List<String> found = new ArrayList<>();
      while (gaps.find()) {
        found.add(gaps.group(1) + " " + gaps.group(2));
      }
      return found;
    }

    /** Of one cause, by the totals at the stream's end. */
    long lost(String cause) {
      return json.contains("\"" + cause + "\": ") ? number(cause) : 0;
    }

    long lost() {
      Matcher causes = Pattern.compile("\"LOSS_\\w+\": (\\d+)").matcher(json);
      return causes.results().mapToLong(cause -> Long.parseLong(cause.group(1))).sum();
    }

    boolean isBalanced() {
      return number("observed") == number("delivered") + number("filtered") + lost();
    }
  }

  /** What Python needs to speak to a daemon, made in this folder. */
  static Path stubs(Path folder) {
    Path stubs = folder.resolve("stubs");
    Run.of(Tree.example("python/generate"), stubs.toString()).succeeded();
    return stubs;
  }

  /**
   * Begins to read, once the daemon has begun to watch.
   *
   * @param request in protobuf's JSON
   */
  static Watch begin(Path stubs, Daemon daemon, String rpc, String request, String... file) {
    List<String> command =
        new ArrayList<>(
            List.of(
                Tree.python(), Tree.source("watch.py"), "unix:" + daemon.socket(), rpc, request));
    command.addAll(List.of(file));
    Run.Running running = Run.of(command).with("PYTHONPATH", stubs.toString()).start();
    running.awaitOut("started");
    return new Watch(running);
  }

  /** Waits for the stream's end. */
  Seen seen() {
    Run.Outcome outcome = running.outcome();
    if (outcome.status() != 0) {
      throw new AssertionError(outcome.told());
    }
    return new Seen(outcome.out());
  }

  @Override
  public void close() {
    running.close();
  }
}
