// SPDX-License-Identifier: Apache-2.0
package dev.rastro.client.printing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rastro.v1.ListProcessesResponse;
import dev.rastro.v1.Memory;
import dev.rastro.v1.Process;
import dev.rastro.v1.ProcessKey;
import dev.rastro.v1.ProgramExits;
import dev.rastro.v1.State;
import dev.rastro.v1.Times;
import dev.rastro.v1.WaitKind;
import dev.rastro.v1.WaitTime;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ProcessPageTest {
  private static final Process WORKER =
      Process.newBuilder()
          .setKey(ProcessKey.newBuilder().setPid(4_194_301))
          .setParentPid(4_194_300)
          .setUser("www-data")
          .setName("a-long-name-of-15")
          .setCommandLine(
              "/usr/sbin/a-long-name-of-a-server --with --many --words and more of them")
          .setState(State.STATE_WAITING)
          .setMemory(
              Memory.newBuilder()
                  .setResidentBytes(123_456_789)
                  .setCodeBytes(1_310_720)
                  .setVirtualBytes(8L << 30))
          .addListening("tcp://255.255.255.255:65535")
          .addListening("tcp://[2001:db8:1:2:3:4:5:6]:65535")
          .setThreads(1234)
          .setCalls(9_999_999)
          .setErrors(12)
          .setAccepted(123_456)
          .setThunderingHerd(1234)
          .setClosedByPeer(12_345)
          .setSendFailures(123)
          .setCounted(true)
          .setStartUnixSeconds(1_407_836_524)
          .setCallsPerSecond(12_345.67)
          .setSuccessShare(1)
          .setTimes(
              Times.newBuilder()
                  .setRunningNanos(12_345_678)
                  .setReadyNanos(999)
                  .setWaitingNanos(12_000_000_000_000L))
          .addWaits(
              WaitTime.newBuilder()
                  .setKind(WaitKind.WAIT_KIND_DESCRIPTORS)
                  .setNanos(12_300_000_000L))
          .addWaits(WaitTime.newBuilder().setKind(WaitKind.WAIT_KIND_FUTEX).setNanos(1_500_000))
          .build();

  private static final Process ENDED =
      Process.newBuilder()
          .setKey(ProcessKey.newBuilder().setPid(7))
          .setName("sh")
          .setState(State.STATE_TERMINATED)
          .setCounted(true)
          .setCallsPerSecond(0.25)
          .setExitText("exited with 7")
          .build();

  private static final ListProcessesResponse ANSWER =
      ListProcessesResponse.newBuilder()
          .addProcesses(WORKER)
          .addProcesses(ENDED)
          .addExits(ProgramExits.newBuilder().setProgram("sh").setText("exited with 7").setCount(3))
          .setForgotten(2)
          .build();

  @ParameterizedTest
  @ValueSource(strings = {"plain", "worker", "memory", "times"})
  void theChoicesOfColumnsKeepWithinEightyColumns(String name) {
    List<ProcessColumn> columns =
        switch (name) {
          case "plain" -> ProcessPage.PLAIN;
          case "worker" -> ProcessPage.WORKER;
          case "memory" -> ProcessPage.MEMORY;
          default -> ProcessPage.TIMES;
        };
    String page = ProcessPage.of(ANSWER, columns, Optional.empty(), 80);
    assertTrue(page.lines().allMatch(line -> line.length() <= 80), page);
    assertTrue(page.contains("4194301"), page);
  }

  @Test
  void numbersAreNeverCut() {
    String page = ProcessPage.of(ANSWER, ProcessPage.WORKER, Optional.empty(), 20);
    List<String> cells = List.of(page.lines().toList().get(1).strip().split(" +", -1));
    assertEquals(
        List.of(
            "4194301", "118M", "tcp://2…", "12346", "0", "123456", "1234", "12345", "123", "100.0"),
        cells.subList(0, 10),
        page);
  }

  @Test
  void aProcessThatNamesItselfInEscapesCommandsNoTerminal() {
    String page =
        ProcessPage.of(
            ListProcessesResponse.newBuilder()
                .addProcesses(Process.newBuilder().setCommandLine("a\033]0;b\007\u009bc"))
                .build(),
            ProcessColumn.of("command"),
            Optional.empty(),
            80);
    assertTrue(page.contains("a?]0;b??c\n"), page);
  }

  @Test
  void whatIsNotKnownIsNoNumber() {
    String page =
        ProcessPage.of(
            ANSWER,
            ProcessColumn.of("rss ok% waits calls/s exit"),
            ProcessColumn.parse("calls/s"),
            ProcessPage.UNLIMITED);
    assertEquals(
        """
         RSS    OK%  WAITS                            CALLS/S  EXIT
        118M  100.0  descriptors 12.3s, futex 1.50ms    12346  -
           -      -  -                                    0.3  exited with 7

        EXITS  PROGRAM  STATUS
            3  sh       exited with 7
        not shown: 2 that ended longest ago
        """,
        page);
  }

  @Test
  void everyColumnHasANameOfItsOwn() {
    assertEquals(
        ProcessColumn.all().size(),
        ProcessColumn.all().stream()
            .map(ProcessColumn::word)
            .map(ProcessColumn::parse)
            .distinct()
            .count());
  }
}
