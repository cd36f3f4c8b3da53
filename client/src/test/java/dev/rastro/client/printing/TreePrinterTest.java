// SPDX-License-Identifier: Apache-2.0
package dev.rastro.client.printing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rastro.v1.Event;
import dev.rastro.v1.Exec;
import dev.rastro.v1.Exit;
import dev.rastro.v1.Fork;
import dev.rastro.v1.Gap;
import dev.rastro.v1.Loss;
import dev.rastro.v1.Process;
import dev.rastro.v1.ProcessKey;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

final class TreePrinterTest {
  private final ByteArrayOutputStream written = new ByteArrayOutputStream();
  private final Output output = new Output(written, written, "test");
  private long now = 5_000_000_000L;

  @Test
  void eachEventIsALineAndTheTreeComesLast() {
    TreePrinter printer = new TreePrinter(output, false, false);
    printer.root(10);
    printer.event(exec(10, "/bin/sh", "sh", "-c", "a; b"));
    printer.event(fork(10, 11, false));
    printer.event(fork(11, 12, false, "CLONE_VM", "CLONE_FILES", "CLONE_NEWNET"));
    printer.event(exec(12, "/usr/bin/true", "true"));
    printer.event(exec(12, "/usr/bin/busybox", "other"));
    printer.event(exit(12, "exited with 0"));
    printer.event(fork(10, 13, false, "CLONE_PARENT"));
    printer.event(exit(13, "killed by SIGKILL"));
    printer.event(fork(99, 98, false));
    printer.finish();
    assertEquals(
        """
           0.000 10 sh -c 'a; b'
           0.010   11 forked
           0.020     12 forked; shares memory and descriptors; own network
           0.030     12 true
           0.040     12 /usr/bin/busybox as other
           0.050     12 exited with 0
           0.060 13 forked
           0.070 13 killed by SIGKILL

        10 sh -c 'a; b'
        └─ 11 (as its parent)
           └─ 12 true → /usr/bin/busybox as other; shares memory and descriptors; own network; exited with 0
        13 (as its parent); killed by SIGKILL
        """,
        text());
  }

  @Test
  void whoIsThereAlreadyIsNotForkedAgain() {
    TreePrinter printer = new TreePrinter(output, false, false);
    printer.present(present(20, 1, "server"));
    printer.present(present(21, 20, "worker"));
    printer.event(fork(20, 21, false));
    printer.event(fork(20, 22, false));
    printer.finish();
    assertEquals(
        """
           0.000 20 is there: server
           0.000   21 is there: worker
           0.000   22 forked

        20 server
        ├─ 21 worker
        └─ 22 (as its parent)
        """,
        text());
  }

  @Test
  void threadsAreToldWhenAskedFor() {
    for (boolean threads : new boolean[] {false, true}) {
      TreePrinter printer = new TreePrinter(output, false, threads);
      printer.root(30);
      printer.event(fork(30, 30, true, "CLONE_VM", "CLONE_THREAD"));
    }
    assertEquals("   0.000 30 began thread 31; shares memory\n", text());
  }

  @Test
  void thousandsOfGenerationsAreNoTrouble() {
    TreePrinter printer = new TreePrinter(output, false, false);
    printer.root(1000);
    for (int pid = 1000; pid < 11_000; pid++) {
      printer.event(fork(pid, pid + 1, false));
      printer.event(exit(pid, "exited with 0"));
    }
    printer.finish();
    List<String> lines = text().lines().toList();
    assertEquals(20_000 + 1 + 10_001, lines.size());
    String last = lines.get(lines.size() - 1);
    assertTrue(last.endsWith("└─ 11000 (as its parent)"), last);
    assertTrue(last.length() < 200, last);
  }

  @Test
  void ofManyProgramsTheFirstAndTheLastAreKept() {
    TreePrinter printer = new TreePrinter(output, false, false);
    printer.root(10);
    for (int i = 0; i < ForkTree.PROGRAMS_MAX + 100; i++) {
      printer.event(exec(10, "/bin/p" + i, "p" + i));
    }
    printer.finish();
    String tree = text().substring(text().indexOf("\n\n")).strip();
    assertTrue(tree.startsWith("10 p0 → p1 → "), tree);
    assertTrue(tree.endsWith(" → p14 → 100 more → p115"), tree);
  }

  @Test
  void whatProcessesCallThemselvesCommandsNoTerminal() {
    TreePrinter printer = new TreePrinter(output, false, false);
    printer.present(present(20, 1, "a\033[2Jb\u009bc\nd"));
    printer.event(exec(20, "/bin/e\033", "e\033"));
    printer.finish();
    assertEquals(
        """
           0.000 20 is there: a?[2Jb?c?d
           0.000 20 'e?'

        20 a?[2Jb?c?d → 'e?'
        """,
        text());
  }

  @Test
  void jsonIsOneObjectALineAndNoTree() {
    TreePrinter printer = new TreePrinter(output, true, false);
    printer.present(present(20, 1, "server"));
    printer.event(fork(20, 22, false, "CLONE_VM"));
    printer.gap(Gap.newBuilder().setCause(Loss.LOSS_RING_FULL).setCount(3).build());
    printer.finish();
    List<String> lines = text().lines().toList();
    assertEquals(3, lines.size());
    assertEquals(
        "{\"key\":{\"pid\":20,\"startTimeNanos\":\"20000000\"},\"parentPid\":1,\"commandLine\":\"server\"}",
        lines.get(0));
    assertFalse(lines.get(1).isEmpty() || !lines.get(1).contains("\"cloneFlags\":[\"CLONE_VM\"]"));
    assertEquals("{\"gap\":{\"cause\":\"LOSS_RING_FULL\",\"count\":\"3\"}}", lines.get(2));
  }

  private Event.Builder event(int pid) {
    Event.Builder event =
        Event.newBuilder()
            .setTimeNanos(now)
            .setTid(pid)
            .setProcess(ProcessKey.newBuilder().setPid(pid));
    now += 10_000_000;
    return event;
  }

  private Event fork(int parent, int child, boolean thread, String... flags) {
    Fork.Builder fork =
        Fork.newBuilder()
            .setChild(key(child))
            .setChildTid(thread ? child + 1 : child)
            .setThread(thread)
            .addAllCloneFlags(List.of(flags));
    return event(parent).setFork(fork).build();
  }

  private Event exec(int pid, String file, String... arguments) {
    Exec.Builder exec = Exec.newBuilder().setFilename(file).addAllArguments(List.of(arguments));
    return event(pid).setExec(exec).build();
  }

  private Event exit(int pid, String text) {
    return event(pid).setExit(Exit.newBuilder().setProcessEnded(true).setText(text)).build();
  }

  private static Process present(int pid, int parent, String command) {
    return Process.newBuilder()
        .setKey(key(pid))
        .setParentPid(parent)
        .setCommandLine(command)
        .build();
  }

  private static ProcessKey key(int pid) {
    return ProcessKey.newBuilder().setPid(pid).setStartTimeNanos(pid * 1_000_000L).build();
  }

  private String text() {
    return written.toString(StandardCharsets.UTF_8);
  }
}
