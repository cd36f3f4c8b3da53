package dev.rastro.daemon.rpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.TextFormat;
import dev.rastro.daemon.access.Caller;
import dev.rastro.daemon.access.PeerLimits;
import dev.rastro.daemon.drain.Choice;
import dev.rastro.daemon.kernel.PeerCredentials;
import dev.rastro.daemon.kernel.Rule;
import dev.rastro.daemon.session.BadFilter;
import dev.rastro.daemon.session.Order;
import dev.rastro.daemon.session.SessionLimits;
import dev.rastro.syscalls.table.Architecture;
import dev.rastro.syscalls.table.SyscallTable;
import dev.rastro.v1.TraceRequest;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class OrdersTest {

  private static final Orders ORDERS = new Orders(SyscallTable.load(Architecture.X86_64));

  @ParameterizedTest
  @CsvSource(delimiter = '|', textBlock = BadRequests.TABLE)
  void whatCannotBeUnderstoodIsRefusedByName(String field, String request) throws Exception {
    TraceRequest bad = parse(request);
    BadFilter refusal = assertThrows(BadFilter.class, () -> ORDERS.trace(bad, Caller.daemon()));
    assertEquals(field, refusal.field());
    assertTrue(refusal.getMessage().startsWith(field + ": "), refusal.getMessage());
  }

  @Test
  void whoeverMayAskCannotAskForEverything() throws Exception {
    Caller viewer = ServingDaemon.RULES.loopback("any");
    Caller stranger =
        ServingDaemon.RULES.local(new PeerCredentials(1, 1000, 1000, Set.of(1000)), "somebody");
    TraceRequest.Builder regexes = parse("target { everything: true }").toBuilder();
    regexes
        .getFilterBuilder()
        .addAllSyscalls(Collections.nCopies(SessionLimits.MAX_FILTER_REGEXES + 1, "/^read"));
    assertRefused("filter.syscalls[16]", regexes.build(), Caller.daemon());
    TraceRequest.Builder names = TraceRequest.newBuilder();
    names
        .getTargetBuilder()
        .addAllUnits(Collections.nCopies(PeerLimits.MAX_TARGET_NAMES + 1, "no-such-unit"));
    assertRefused("target", names.build(), viewer);
    ORDERS.trace(names.build(), Caller.daemon());
    TraceRequest.Builder tasks = TraceRequest.newBuilder();
    for (int i = 0; i <= PeerLimits.MAX_TARGET_TASKS_OF_STRANGERS; i++) {
      tasks.getTargetBuilder().addPids(Integer.MAX_VALUE - i);
    }
    assertRefused("target", tasks.build(), stranger);
    ORDERS.trace(tasks.build(), viewer);
  }

  private static void assertRefused(String field, TraceRequest request, Caller caller) {
    BadFilter refusal = assertThrows(BadFilter.class, () -> ORDERS.trace(request, caller));
    assertEquals(field, refusal.field());
  }

  @Test
  void propertiesBecomeRules() throws Exception {
    Order order =
        ORDERS.trace(
            parse("target { comms: 'nginx' users: 'root' users: '33' executables: '/bin/sh' }"),
            Caller.daemon());
    Choice choice = order.wish().target().choice();
    assertEquals(EnumSet.of(Rule.Kind.COMM, Rule.Kind.UID, Rule.Kind.EXECUTABLE), choice.kinds());
    assertTrue(choice.rules().containsAll(Set.of(Rule.comm("nginx"), Rule.user(0), Rule.user(33))));
    assertEquals(choice, order.names().orElseThrow().resolve(), "asked again, it is the same");
  }

  @Test
  void aUnitThatDoesNotRunIsMetByNobodyAndNotByAll() throws Exception {
    Order order = ORDERS.trace(parse("target { units: 'no-such-unit-of-ours' }"), Caller.daemon());
    Choice choice = order.wish().target().choice();
    assertEquals(Set.of(Rule.Kind.CGROUP), choice.kinds());
    assertEquals(Set.of(), choice.rules());
  }

  /** Enums by number, as a newer client would send them. */
  private static TraceRequest parse(String text) throws TextFormat.ParseException {
    String numbered = text.replace("outcome: 9", "").replace("form: 9", "");
    TraceRequest.Builder request = TraceRequest.newBuilder();
    TextFormat.merge(numbered, request);
    if (text.contains("outcome: 9")) {
      request.getFilterBuilder().setOutcomeValue(9);
    }
    if (text.contains("form: 9")) {
      request.setFormValue(9);
    }
    return request.build();
  }

  @Test
  void noFilterTellsWhatTheClientMayNotSee() {
    Caller viewer = ServingDaemon.RULES.loopback("any");
    for (String filter : List.of("paths: '/etc/passwd'", "texts: 'root'")) {
      BadFilter refusal =
          assertThrows(
              BadFilter.class,
              () -> ORDERS.trace(parse("target { pids: 1 } filter { " + filter + " }"), viewer));
      assertEquals("filter." + filter.substring(0, 5), refusal.field());
    }
  }

  @Test
  void rangesOfDescriptorsAddUp() throws Exception {
    Order order =
        ORDERS.trace(
            parse("target { pids: 1 } filter { descriptors: '3-5' descriptors: '9' }"),
            Caller.daemon());
    assertEquals("{3, 4, 5, 9}", order.screen().descriptors().toString());
  }
}
