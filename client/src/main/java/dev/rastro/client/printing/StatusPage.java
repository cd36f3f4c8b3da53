package dev.rastro.client.printing;

import dev.rastro.v1.Caller;
import dev.rastro.v1.Degradation;
import dev.rastro.v1.GetStatusResponse;
import dev.rastro.v1.Ledger;
import dev.rastro.v1.Limit;
import dev.rastro.v1.LossCount;
import dev.rastro.v1.Program;
import dev.rastro.v1.Ring;
import dev.rastro.v1.Role;
import dev.rastro.v1.SessionStatus;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** {@code rastro status}: one page on the daemon. */
public final class StatusPage {

  private StatusPage() {}

  public static String of(GetStatusResponse status) {
    StringBuilder page = new StringBuilder();
    page.append("rastrod ").append(status.getVersion());
    page.append(" on ").append(status.getHostname());
    page.append(", Linux ").append(status.getKernelRelease()).append('\n');
    line(page, "attached", attached(status));
    line(page, "ring", ring(status.getRing()));
    line(page, "events", events(status.getLedger()));
    line(page, "lost", lost(status.getLedger().getLostList()));
    line(page, "daemon", cost(status));
    if (status.hasCaller()) {
      line(page, "you", caller(status.getCaller()));
    }
    degradations(page, status.getDegradationsList());
    programs(page, status);
    sessions(page, status.getSessionsList());
    limits(page, status.getLimitsList());
    return page.toString();
  }

  private static void line(StringBuilder page, String name, String text) {
    page.append(String.format(Locale.ROOT, "%-10s%s%n", name + ":", text));
  }

  private static String attached(GetStatusResponse status) {
    return status.getAttached()
        ? "yes, " + status.getSessionsCount() + " session(s)"
        : "no: nobody watches, and nothing costs anything";
  }

  private static String caller(Caller caller) {
    String role =
        caller.getRole() == Role.ROLE_UNSPECIFIED
            ? "no role"
            : caller.getRole().name().replace("ROLE_", "").toLowerCase(Locale.ROOT);
    String figures =
        caller.getFiguresOf().equals(caller.getAllOf())
            ? ""
            : "; names and counts of " + caller.getFiguresOf();
    return caller.getName() + ", " + role + ": sees all of " + caller.getAllOf() + figures;
  }

  private static String ring(Ring ring) {
    double share =
        ring.getCapacityBytes() == 0 ? 0 : 100.0 * ring.getUsedBytes() / ring.getCapacityBytes();
    return String.format(
        Locale.ROOT,
        "%s of %s in use (%.1f %%), at most %s, %d records since start",
        Quantities.bytes(ring.getUsedBytes()),
        Quantities.bytes(ring.getCapacityBytes()),
        share,
        Quantities.bytes(ring.getPeakBytes()),
        ring.getRecords());
  }

  private static String events(Ledger ledger) {
    return ledger.getObserved()
        + " observed, "
        + ledger.getDelivered()
        + " delivered, "
        + ledger.getFiltered()
        + " filtered"
        + filters(ledger)
        + ", "
        + ledger.getQueued()
        + " queued, "
        + lostEvents(ledger)
        + " lost";
  }

  private static String filters(Ledger ledger) {
    return ledger.getFilteredByCount() == 0
        ? ""
        : ledger.getFilteredByList().stream()
            .map(part -> part.getCount() + " by " + part.getFilter())
            .collect(Collectors.joining(", ", " (", ")"));
  }

  /** Those that the books count: bytes of an argument, a count or a child are no events. */
  private static long lostEvents(Ledger ledger) {
    return ledger.getLostList().stream()
        .filter(
            lost ->
                switch (lost.getCause()) {
                  case LOSS_ENTRY_BYTES, LOSS_COUNTER_FULL, LOSS_FORK_FULL, LOSS_WITHHELD -> false;
                  default -> true;
                })
        .mapToLong(LossCount::getCount)
        .sum();
  }

  private static String lost(List<LossCount> lost) {
    String total = LossText.total(lost);
    return total.isEmpty() ? "nothing" : total;
  }

  private static String cost(GetStatusResponse status) {
    var cost = status.getCost();
    double share =
        cost.getUptimeNanos() == 0 ? 0 : 100.0 * cost.getCpuNanos() / cost.getUptimeNanos();
    return String.format(
        Locale.ROOT,
        "%s of CPU in %s (%.2f %%), %s resident, %s of heap, %s of kernel maps",
        Quantities.nanos(cost.getCpuNanos()),
        Quantities.nanos(cost.getUptimeNanos()),
        share,
        Quantities.bytes(cost.getResidentBytes()),
        Quantities.bytes(cost.getHeapUsedBytes()),
        Quantities.bytes(cost.getKernelMapBytes()));
  }

  private static void degradations(StringBuilder page, List<Degradation> degradations) {
    for (Degradation degradation : degradations) {
      line(page, "degraded", degradation.getWhat() + ": " + degradation.getCause());
      if (!degradation.getRemedy().isEmpty()) {
        line(page, "", "remedy: " + degradation.getRemedy());
      }
    }
  }

  private static void programs(StringBuilder page, GetStatusResponse status) {
    Columns columns = new Columns("<PROGRAM", "<ATTACHED AS", "MISSED");
    for (Program program : status.getProgramsList()) {
      String type = program.getAttachType().isEmpty() ? "-" : program.getAttachType();
      columns.row(program.getName(), type, program.getMissedRuns());
    }
    append(page, columns);
  }

  private static void sessions(StringBuilder page, List<SessionStatus> sessions) {
    Columns columns =
        new Columns(
            "<SESSION",
            "AGE",
            "<FORM",
            "OBSERVED",
            "DELIVERED",
            "FILTERED",
            "LOST",
            "QUEUED",
            "<PEER",
            "<TARGET");
    for (SessionStatus session : sessions) {
      columns.row(
          session.getSessionId(),
          Quantities.nanos(session.getAgeNanos()),
          session.getForm().name().replace("FORM_", "").toLowerCase(Locale.ROOT),
          session.getLedger().getObserved(),
          session.getLedger().getDelivered(),
          session.getLedger().getFiltered(),
          lostEvents(session.getLedger()),
          Quantities.bytes(session.getQueuedBytes()),
          session.getPeer().isEmpty() ? "-" : session.getPeer(),
          session.getTarget());
    }
    append(page, columns);
  }

  private static void limits(StringBuilder page, List<Limit> limits) {
    Columns columns = new Columns("<LIMIT", "IN USE", "VALUE", "<UNIT");
    for (Limit limit : limits) {
      columns.row(limit.getName(), limit.getInUse(), limit.getValue(), limit.getUnit());
    }
    append(page, columns);
  }

  private static void append(StringBuilder page, Columns columns) {
    if (!columns.isEmpty()) {
      page.append('\n').append(columns);
    }
  }
}
