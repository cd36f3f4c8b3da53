package dev.rastro.client.printing;

import dev.rastro.v1.ListProcessesResponse;
import dev.rastro.v1.Process;
import dev.rastro.v1.ProgramExits;
import java.util.List;
import java.util.Optional;

/** {@code rastro ps}: the status table. */
public final class ProcessPage {
  /** As wide as it comes. */
  public static final int UNLIMITED = Columns.UNLIMITED;

  /** What is shown when nothing else is asked for. */
  public static final List<ProcessColumn> PLAIN =
      ProcessColumn.of("pid ppid user state thr rss start command");

  /** How a server's workers fare. */
  public static final List<ProcessColumn> WORKER =
      ProcessColumn.of("pid rss listening calls/s err/s accept herd closed sfail ok% name");

  public static final List<ProcessColumn> MEMORY =
      ProcessColumn.of("pid rss code data heap stack virtual command");

  public static final List<ProcessColumn> TIMES =
      ProcessColumn.of("pid state thr running ready waiting waits name");

  private ProcessPage() {}

  /**
   * @param order by which column; empty: as they come
   * @param width to keep within
   */
  public static String of(
      ListProcessesResponse answer,
      List<ProcessColumn> shown,
      Optional<ProcessColumn> order,
      int width) {
    Columns columns = new Columns(shown.stream().map(ProcessColumn::head).toArray(String[]::new));
    List<Process> processes = answer.getProcessesList();
    List<Process> ordered =
        order.map(column -> processes.stream().sorted(column.order()).toList()).orElse(processes);
    for (Process process : ordered) {
      columns.row(shown.stream().map(column -> column.of(process)).toArray());
    }
    StringBuilder page = new StringBuilder(columns.text(width));
    if (answer.getExitsCount() > 0) {
      Columns exits = new Columns("EXITS", "<PROGRAM", "<STATUS");
      for (ProgramExits exit : answer.getExitsList()) {
        exits.row(exit.getCount(), exit.getProgram(), exit.getText());
      }
      page.append('\n').append(exits.text(width));
    }
    if (answer.getForgotten() > 0) {
      page.append("not shown: ").append(answer.getForgotten()).append(" that ended longest ago\n");
    }
    return page.toString();
  }
}
