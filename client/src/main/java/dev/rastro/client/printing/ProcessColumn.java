// SPDX-License-Identifier: Apache-2.0
package dev.rastro.client.printing;

import dev.rastro.v1.Memory;
import dev.rastro.v1.Process;
import dev.rastro.v1.State;
import dev.rastro.v1.Times;
import dev.rastro.v1.WaitTime;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;

/** What {@code rastro ps} can show of a process. */
public final class ProcessColumn {
  private static final List<ProcessColumn> ALL =
      List.of(
          numbers("pid", one -> number(one.getKey().getPid()), one -> -one.getKey().getPid()),
          numbers("ppid", one -> number(one.getParentPid()), one -> -one.getParentPid()),
          words("<user", ProcessColumn::user),
          words("<state", one -> state(one.getState())),
          numbers("thr", one -> there(one, number(one.getThreads())), Process::getThreads),
          memory("rss", Memory::getResidentBytes),
          memory("code", Memory::getCodeBytes),
          memory("data", Memory::getDataBytes),
          memory("heap", Memory::getHeapBytes),
          memory("stack", Memory::getStackBytes),
          memory("virtual", Memory::getVirtualBytes),
          numbers("start", ProcessColumn::start, one -> -one.getStartUnixSeconds()),
          words("~listening", one -> orNothing(String.join(",", one.getListeningList()))),
          figure("calls", Process::getCalls),
          figure("errors", Process::getErrors),
          rate("calls/s", Process::getCallsPerSecond),
          rate("err/s", Process::getErrorsPerSecond),
          figure("accept", Process::getAccepted),
          figure("herd", Process::getThunderingHerd),
          figure("closed", Process::getClosedByPeer),
          figure("sfail", Process::getSendFailures),
          figure("failed", Process::getFailures),
          numbers("ok%", ProcessColumn::success, one -> -one.getSuccessShare()),
          time("running", Times::getRunningNanos),
          time("ready", Times::getReadyNanos),
          time("waiting", Times::getWaitingNanos),
          words("~waits", ProcessColumn::waits),
          words("<exit", one -> orNothing(one.getExitText())),
          words("~name", Process::getName),
          words("~command", ProcessColumn::command));

  private static final String NOTHING = "-";
  private static final String WAIT_PREFIX = "WAIT_KIND_";
  private static final DateTimeFormatter TIME_OF_DAY =
      DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT);
  private static final DateTimeFormatter DAY =
      DateTimeFormatter.ofPattern("yyyy-MM-dd", Locale.ROOT);

  private final String head;
  private final Function<Process, String> cell;
  private final Comparator<Process> order;

  private ProcessColumn(String head, Function<Process, String> cell, Comparator<Process> order) {
    this.head = head;
    this.cell = cell;
    this.order = order;
  }

  /** Ordered by size, largest first. */
  private static ProcessColumn numbers(
      String head, Function<Process, String> cell, ToDoubleFunction<Process> size) {
    return new ProcessColumn(head, cell, Comparator.comparingDouble(size).reversed());
  }

  /** Ordered as words are. */
  private static ProcessColumn words(String head, Function<Process, String> cell) {
    return new ProcessColumn(head, cell, Comparator.comparing(cell));
  }

  private static ProcessColumn memory(String head, ToLongFunction<Memory> size) {
    return numbers(
        head,
        one -> there(one, Quantities.shortBytes(size.applyAsLong(one.getMemory()))),
        one -> size.applyAsLong(one.getMemory()));
  }

  private static ProcessColumn time(String head, ToLongFunction<Times> nanos) {
    return numbers(
        head,
        one -> one.hasTimes() ? Quantities.shortNanos(nanos.applyAsLong(one.getTimes())) : NOTHING,
        one -> nanos.applyAsLong(one.getTimes()));
  }

  /** Known of those whose calls were counted. */
  private static ProcessColumn figure(String head, ToLongFunction<Process> count) {
    return numbers(
        head,
        one -> one.getCounted() ? number(count.applyAsLong(one)) : NOTHING,
        count::applyAsLong);
  }

  private static ProcessColumn rate(String head, ToDoubleFunction<Process> rate) {
    return numbers(
        head, one -> one.getCounted() ? Quantities.rate(rate.applyAsDouble(one)) : NOTHING, rate);
  }

  public static List<ProcessColumn> all() {
    return ALL;
  }

  /** The columns of these names, separated by blanks. */
  static List<ProcessColumn> of(String names) {
    return Arrays.stream(names.split(" ", -1)).map(name -> parse(name).orElseThrow()).toList();
  }

  /** Empty when there is no column of this name. */
  public static Optional<ProcessColumn> parse(String name) {
    return ALL.stream().filter(column -> column.word().equals(name)).findFirst();
  }

  /** Its name. */
  public String word() {
    return head.substring(head.startsWith("<") || head.startsWith("~") ? 1 : 0);
  }

  String head() {
    return head.toUpperCase(Locale.ROOT);
  }

  String of(Process process) {
    return cell.apply(process);
  }

  Comparator<Process> order() {
    return order;
  }

  private static String number(long number) {
    return Long.toString(number);
  }

  private static String orNothing(String text) {
    return text.isEmpty() ? NOTHING : text;
  }

  /** Of one that is no more, {@code /proc} says nothing. */
  private static String there(Process process, String text) {
    return process.getState() == State.STATE_TERMINATED ? NOTHING : text;
  }

  private static String success(Process process) {
    return process.hasSuccessShare()
        ? String.format(Locale.ROOT, "%.1f", 100 * process.getSuccessShare())
        : NOTHING;
  }

  private static String user(Process process) {
    return process.getUser().isEmpty()
        ? there(process, Integer.toUnsignedString(process.getUid()))
        : process.getUser();
  }

  /** The time of day where it was today. */
  private static String start(Process process) {
    if (process.getStartUnixSeconds() == 0) {
      return NOTHING;
    }
    ZonedDateTime at =
        Instant.ofEpochSecond(process.getStartUnixSeconds()).atZone(ZoneId.systemDefault());
    return at.toLocalDate().equals(LocalDate.now(ZoneId.systemDefault()))
        ? at.format(TIME_OF_DAY)
        : at.format(DAY);
  }

  /** {@code descriptors 12.3s, input 1.1s}: longest first. */
  private static String waits(Process process) {
    return orNothing(
        process.getWaitsList().stream()
            .filter(wait -> wait.getNanos() > 0)
            .map(wait -> kind(wait) + " " + Quantities.shortNanos(wait.getNanos()))
            .collect(Collectors.joining(", ")));
  }

  private static String kind(WaitTime wait) {
    return wait.getKind().name().substring(WAIT_PREFIX.length()).toLowerCase(Locale.ROOT);
  }

  private static String command(Process process) {
    return process.getCommandLine().isEmpty()
        ? "[" + process.getName() + "]"
        : process.getCommandLine();
  }

  private static String state(State state) {
    return switch (state) {
      case STATE_RUNNING -> "running";
      case STATE_READY -> "ready";
      case STATE_NEW -> "new";
      case STATE_WAITING -> "waiting";
      case STATE_DISK -> "disk";
      case STATE_STOPPED -> "stopped";
      case STATE_ZOMBIE -> "zombie";
      case STATE_IDLE -> "idle";
      case STATE_TERMINATED -> "ended";
      case STATE_UNSPECIFIED, UNRECOGNIZED -> "?";
    };
  }
}
