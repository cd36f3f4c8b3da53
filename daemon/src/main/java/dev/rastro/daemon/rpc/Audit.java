package dev.rastro.daemon.rpc;

import dev.rastro.daemon.access.Caller;
import dev.rastro.daemon.access.Peers;
import dev.rastro.daemon.access.Role;
import dev.rastro.daemon.drain.Wish;
import dev.rastro.daemon.session.Ledger;
import dev.rastro.daemon.session.Session;
import dev.rastro.syscalls.record.RecordLayout;
import io.grpc.Status;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * Who asked for what, and how much they got: a line at the begin and at the end of each session,
 * and for what was refused. Never what was traced. Not subject to {@code --log-level}.
 */
final class Audit {
  private static final Logger LOG = LoggerFactory.getLogger("rastro.audit");

  /** Of an id: enough to find the lines that belong together, too little to make use of it. */
  private static final int SHOWN_ID_CHARACTERS = 8;

  private static final int MAX_WORDS = 400;

  private Audit() {}

  static void began(String rpc, Session session) {
    Wish wish = session.order().wish();
    of(rpc, session.order().caller())
        .addKeyValue("session", id(session))
        .addKeyValue("target", plain(Orders.words(wish.target())))
        .addKeyValue("sees", session.order().sight().name().toLowerCase(Locale.ROOT))
        .addKeyValue("form", session.order().form().name().toLowerCase(Locale.ROOT))
        .addKeyValue("filter", filter(wish))
        .log("session began");
  }

  static void ended(String rpc, Session session, long sentBytes) {
    Ledger books = session.ledger();
    of(rpc, session.order().caller())
        .addKeyValue("session", id(session))
        .addKeyValue("seconds", TimeUnit.NANOSECONDS.toSeconds(session.ageNanos()))
        .addKeyValue("observed", books.observed())
        .addKeyValue("delivered", books.delivered())
        .addKeyValue("filtered", books.filtered())
        .addKeyValue("lost", books.lostEvents())
        .addKeyValue("bytes", sentBytes)
        .log("session ended");
  }

  /** Who asks again and again gets a line a second, which says how many there were. */
  static void refused(String rpc, Caller caller, Status status, Peers peers) {
    OptionalLong count = peers.refused(caller);
    if (count.isPresent()) {
      of(rpc, caller)
          .addKeyValue("status", status.getCode())
          .addKeyValue("cause", plain(String.valueOf(status.getDescription())))
          .addKeyValue("times", count.getAsLong())
          .log("refused");
    }
  }

  static void answered(String rpc, Caller caller) {
    of(rpc, caller).log("answered");
  }

  private static LoggingEventBuilder of(String rpc, Caller caller) {
    return LOG.atInfo()
        .addKeyValue("rpc", plain(rpc))
        .addKeyValue("caller", plain(caller.name()))
        .addKeyValue("role", caller.role().map(Role::word).orElse("none"));
  }

  private static String id(Session session) {
    return session.id().substring(0, SHOWN_ID_CHARACTERS);
  }

  private static String filter(Wish wish) {
    int slots = wish.slots().cardinality();
    String syscalls = slots == RecordLayout.SYSCALL_SLOTS ? "all calls" : slots + " calls";
    return wish.outcome() == Wish.Outcome.ANY && wish.errnos().isEmpty()
        ? syscalls
        : syscalls + ", by outcome";
  }

  /** What came from outside must not look like a line, or a field, of ours. */
  private static String plain(String text) {
    String cut = text.length() <= MAX_WORDS ? text : text.substring(0, MAX_WORDS) + "...";
    return cut.replaceAll("[^ -~]|[\"\\\\]", "?");
  }
}
