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
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          target                       | filter { syscalls: "read" }
          target.pids[1]               | target { pids: 1 pids: 0 }
          target.tids[0]               | target { tids: 4294967295 }
          target.children_of[0]        | target { children_of: 0 }
          target.everything            | target { everything: true pids: 1 }
          target.everything            | target { everything: true comms: "sh" }
          target.comms[0]              | target { comms: "" }
          target.executables[0]        | target { executables: "bin/sh" }
          target.executables[1]        | target { executables: "/bin/sh" executables: "/no/such/file" }
          target.executables[0]        | target { executables: "/bin" }
          target.users[0]              | target { users: "nobody such" }
          target.cgroups[0]            | target { cgroups: "/no/such.slice" }
          target.cgroups[0]            | target { cgroups: "../../../etc" }
          target.units[0]              | target { units: "a/b.service" }
          target.containers[0]         | target { containers: "web-1" }
          target.namespace_pids[0]     | target { namespace_pids { pid: 1 namespace: 7 } }
          filter.syscalls[0]           | target { pids: 1 } filter { syscalls: "conect" }
          filter.syscalls[1]           | target { pids: 1 } filter { syscalls: "read" syscalls: "/(" }
          filter.deny_syscalls[0]      | target { pids: 1 } filter { deny_syscalls: "%networking" }
          filter.outcome               | target { pids: 1 } filter { outcome: 9 }
          filter.signals[0]            | target { pids: 1 } filter { signals: "SIGCHILD" }
          filter.errnos[1]             | target { pids: 1 } filter { errnos: "ENOENT" errnos: "ENOFILE" }
          filter.errnos[0]             | target { pids: 1 } filter { errnos: "0" }
          filter.min_duration_nanos    | target { pids: 1 } filter { min_duration_nanos: 18446744073709551615 }
          form                         | target { pids: 1 } form: 9
          string_limit                 | target { pids: 1 } string_limit: 32769
          queue_bytes                  | target { pids: 1 } queue_bytes: 67108865
          resume_seconds               | target { pids: 1 } resume_seconds: 301
          history_bytes                | target { pids: 1 } resume_seconds: 1 history_bytes: 16777217
          history_bytes                | target { pids: 1 } history_bytes: 1
          overload                     | target { pids: 1 } overload: 9
          filter.max_duration_nanos    | target { pids: 1 } filter { max_duration_nanos: 18446744073709551615 }
          filter.max_duration_nanos    | target { pids: 1 } filter { min_duration_nanos: 2 max_duration_nanos: 1 }
          filter.paths[1]              | target { pids: 1 } filter { paths: "/etc/passwd" paths: "" }
          filter.texts[0]              | target { pids: 1 } filter { texts: "" }
          filter.descriptors[0]        | target { pids: 1 } filter { descriptors: "stdin" }
          filter.descriptors[1]        | target { pids: 1 } filter { descriptors: "0-" descriptors: "5-3" }
          filter.descriptors[0]        | target { pids: 1 } filter { descriptors: "1048576" }
          filter.paths                 | target { pids: 1 } form: FORM_COUNT filter { paths: "/etc/passwd" }
          filter.texts                 | target { pids: 1 } form: FORM_COUNT filter { texts: "x" }
          """)
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
