package dev.rastro.daemon.rpc;

import dev.rastro.daemon.access.Caller;
import dev.rastro.daemon.session.BadFilter;
import dev.rastro.daemon.session.Order;
import dev.rastro.daemon.session.Session;
import dev.rastro.daemon.session.Sessions;
import dev.rastro.syscalls.table.SyscallTable;
import dev.rastro.v1.Form;
import dev.rastro.v1.Target;
import dev.rastro.v1.TraceRequest;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Processes that are counted for as long as the daemon lives, without any client. */
public final class StandingTargets {
  private StandingTargets() {}

  /**
   * Opens a session for each.
   *
   * @param targets as {@code comm=nginx,uid=33}
   * @return completed when all are being counted
   * @throws BadFilter naming the target
   */
  public static CompletableFuture<Void> count(
      List<String> targets, SyscallTable table, Sessions sessions) throws BadFilter {
    CompletableFuture<Void> all = CompletableFuture.completedFuture(null);
    for (String text : targets) {
      Order order = order(text, new Orders(table));
      all = all.thenCombine(sessions.open(order, new Nobody()), (before, session) -> null);
    }
    return all;
  }

  private static Order order(String text, Orders orders) throws BadFilter {
    TraceRequest request =
        TraceRequest.newBuilder().setTarget(parse(text)).setForm(Form.FORM_COUNT).build();
    try {
      return orders.trace(request, Caller.daemon());
    } catch (BadFilter bad) {
      throw new BadFilter("--standing-target", text + ": " + bad.getMessage());
    }
  }

  static Target parse(String text) throws BadFilter {
    Target.Builder target = Target.newBuilder();
    for (String part : text.split(",", -1)) {
      int equals = part.indexOf('=');
      String value = part.substring(equals + 1).strip();
      switch (equals < 0 ? part.strip() : part.substring(0, equals).strip()) {
        case "comm" -> target.addComms(value);
        case "exe" -> target.addExecutables(value);
        case "uid" -> target.addUsers(value);
        case "cgroup" -> target.addCgroups(value);
        case "unit" -> target.addUnits(value);
        case "container" -> target.addContainers(value);
        default ->
            throw new BadFilter(
                "--standing-target",
                text
                    + ": give comm=, exe=, uid=, cgroup=, unit= or container=, with commas between");
      }
    }
    return target.build();
  }

  /** Counters are asked for; nothing is sent. */
  private static final class Nobody implements Session.Watcher {
    @Override
    public void available(boolean urgent) {}

    @Override
    public void targetEnded() {}

    @Override
    public void closed() {}
  }
}
