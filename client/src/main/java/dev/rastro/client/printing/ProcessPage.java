package dev.rastro.client.printing;

import dev.rastro.v1.ListProcessesResponse;
import dev.rastro.v1.Process;
import dev.rastro.v1.ProgramExits;
import dev.rastro.v1.State;
import java.util.Locale;

/** {@code rastro ps}: the status table. */
public final class ProcessPage {
  private static final int COMMAND_COLUMNS = 60;
  private static final String UNKNOWN = "-";

  private ProcessPage() {}

  public static String of(ListProcessesResponse answer) {
    Columns columns =
        new Columns(
            "PID",
            "PPID",
            "<USER",
            "<S",
            "THR",
            "RSS",
            "CODE",
            "DATA",
            "HEAP",
            "STACK",
            "CALLS",
            "ERRORS",
            "ACCEPTED",
            "HERD",
            "CLOSED",
            "SENDFAIL",
            "OK%",
            "<LISTENING",
            "<COMMAND");
    for (Process process : answer.getProcessesList()) {
      add(columns, process);
    }
    StringBuilder page = new StringBuilder(columns.toString());
    if (answer.getExitsCount() > 0) {
      Columns exits = new Columns("EXITS", "<PROGRAM", "<STATUS");
      for (ProgramExits exit : answer.getExitsList()) {
        exits.row(exit.getCount(), exit.getProgram(), exit.getText());
      }
      page.append('\n').append(exits);
    }
    return page.toString();
  }

  private static void add(Columns columns, Process process) {
    boolean counted = process.getCounted();
    columns.row(
        process.getKey().getPid(),
        process.getParentPid(),
        process.getUser().isEmpty() ? process.getUid() : process.getUser(),
        state(process.getState()),
        process.getThreads(),
        Quantities.bytes(process.getMemory().getResidentBytes()),
        Quantities.bytes(process.getMemory().getCodeBytes()),
        Quantities.bytes(process.getMemory().getDataBytes()),
        Quantities.bytes(process.getMemory().getHeapBytes()),
        Quantities.bytes(process.getMemory().getStackBytes()),
        figure(counted, process.getCalls()),
        figure(counted, process.getErrors()),
        figure(counted, process.getAccepted()),
        figure(counted, process.getThunderingHerd()),
        figure(counted, process.getClosedByPeer()),
        figure(counted, process.getSendFailures()),
        success(counted, process.getCalls(), process.getErrors()),
        process.getListeningCount() == 0 ? UNKNOWN : String.join(",", process.getListeningList()),
        command(process));
  }

  private static String figure(boolean counted, long value) {
    return counted ? Long.toString(value) : UNKNOWN;
  }

  private static String success(boolean counted, long calls, long errors) {
    return counted && calls > 0
        ? String.format(Locale.ROOT, "%.1f", 100.0 * (calls - errors) / calls)
        : UNKNOWN;
  }

  private static String command(Process process) {
    String line =
        process.getCommandLine().isEmpty()
            ? "[" + process.getName() + "]"
            : process.getCommandLine();
    return line.length() <= COMMAND_COLUMNS ? line : line.substring(0, COMMAND_COLUMNS - 1) + "…";
  }

  private static String state(State state) {
    return switch (state) {
      case STATE_RUNNING -> "R";
      case STATE_WAITING -> "S";
      case STATE_DISK -> "D";
      case STATE_STOPPED -> "T";
      case STATE_ZOMBIE -> "Z";
      case STATE_IDLE -> "I";
      case STATE_TERMINATED -> "X";
      case STATE_UNSPECIFIED, UNRECOGNIZED -> "?";
    };
  }
}
