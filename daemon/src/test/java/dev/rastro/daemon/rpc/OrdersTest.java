package dev.rastro.daemon.rpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.TextFormat;
import dev.rastro.daemon.detail.Detail;
import dev.rastro.daemon.drain.Choice;
import dev.rastro.daemon.kernel.Rule;
import dev.rastro.daemon.session.BadFilter;
import dev.rastro.daemon.session.Order;
import dev.rastro.syscalls.table.Architecture;
import dev.rastro.syscalls.table.SyscallTable;
import dev.rastro.v1.TraceRequest;
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
    BadFilter refusal = assertThrows(BadFilter.class, () -> ORDERS.trace(bad, "test", Detail.FULL));
    assertEquals(field, refusal.field());
    assertTrue(refusal.getMessage().startsWith(field + ": "), refusal.getMessage());
  }

  @Test
  void propertiesBecomeRules() throws Exception {
    Order order =
        ORDERS.trace(
            parse("target { comms: 'nginx' users: 'root' users: '33' executables: '/bin/sh' }"),
            "test",
            Detail.FULL);
    Choice choice = order.wish().target().choice();
    assertEquals(EnumSet.of(Rule.Kind.COMM, Rule.Kind.UID, Rule.Kind.EXECUTABLE), choice.kinds());
    assertTrue(choice.rules().containsAll(Set.of(Rule.comm("nginx"), Rule.user(0), Rule.user(33))));
    assertEquals(choice, order.names().orElseThrow().resolve(), "asked again, it is the same");
  }

  @Test
  void aUnitThatDoesNotRunIsMetByNobodyAndNotByAll() throws Exception {
    Order order =
        ORDERS.trace(parse("target { units: 'no-such-unit-of-ours' }"), "test", Detail.FULL);
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
    for (String filter : List.of("paths: '/etc/passwd'", "texts: 'root'")) {
      BadFilter refusal =
          assertThrows(
              BadFilter.class,
              () ->
                  ORDERS.trace(
                      parse("target { pids: 1 } filter { " + filter + " }"),
                      "test",
                      Detail.NO_ARGUMENTS));
      assertEquals("filter." + filter.substring(0, 5), refusal.field());
    }
  }

  @Test
  void rangesOfDescriptorsAddUp() throws Exception {
    Order order =
        ORDERS.trace(
            parse("target { pids: 1 } filter { descriptors: '3-5' descriptors: '9' }"),
            "test",
            Detail.FULL);
    assertEquals("{3, 4, 5, 9}", order.screen().descriptors().toString());
  }
}
