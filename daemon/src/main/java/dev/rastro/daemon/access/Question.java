package dev.rastro.daemon.access;

import java.util.Arrays;
import java.util.Optional;

/**
 * What can be asked, by the RPC's name, and what comes of it: with all of a process in sight, with
 * its figures alone, and with neither. What is not listed here is refused.
 */
public enum Question {
  GET_STATUS(
      "GetStatus",
      1,
      "the daemon's state, their own sessions; admins: all",
      "the same",
      "the same"),
  LIST_SYSCALLS("ListSyscalls", 5, "the table", "the same", "the same"),
  LIST_PROCESSES(
      "ListProcesses",
      5,
      "all",
      "no command line, no path of a socket",
      "left out; by number: refused"),
  GET_SUMMARY(
      "GetSummary", 2, "all", "the same", "refused, but for sums of a session of their own"),
  WATCH_SUMMARY("WatchSummary", 5, "all", "the same", "left out; by number, or of all: refused"),
  LIST_IN_FLIGHT(
      "ListInFlight",
      25,
      "all",
      "call, time, kind of wait; no argument, path or address",
      "left out; by number: refused"),
  TRACE(
      "Trace",
      5,
      "all",
      "names, errors, durations, registers; no byte of memory, no file's name",
      "left out; by number: refused"),
  WATCH_PROCESSES(
      "WatchProcesses", 5, "all", "not the file that is executed", "left out; by number: refused");

  private final String rpc;
  private final int cost;
  private final String full;
  private final String figures;
  private final String nothing;

  Question(String rpc, int cost, String full, String figures, String nothing) {
    this.rpc = rpc;
    this.cost = cost;
    this.full = full;
    this.figures = figures;
    this.nothing = nothing;
  }

  /** By the method's name without its service. */
  public static Optional<Question> of(String rpc) {
    return Arrays.stream(values()).filter(question -> question.rpc.equals(rpc)).findFirst();
  }

  public String rpc() {
    return rpc;
  }

  /** What it takes to answer, in requests that take next to nothing. */
  public int cost() {
    return cost;
  }

  /** Its answers hold what processes work on, and no session tells of them. */
  public boolean isAudited() {
    return this == LIST_IN_FLIGHT;
  }

  /** For people. */
  public String answer(Sight sight) {
    return switch (sight) {
      case FULL -> full;
      case FIGURES -> figures;
      case NOTHING -> nothing;
    };
  }
}
