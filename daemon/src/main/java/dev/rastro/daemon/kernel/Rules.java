package dev.rastro.daemon.kernel;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The map "rules": by which properties which sessions choose processes. Drain thread only. */
public final class Rules {
  private final KernelMap map;

  /** The rules of each session, as they stand in the map. */
  private final List<Set<Rule>> written = new ArrayList<>();

  Rules(KernelMap map) {
    this.map = map;
    for (int session = 0; session < ControlLayout.SESSIONS; session++) {
      written.add(new HashSet<>());
    }
  }

  /** Makes these the session's rules, and no others. */
  public void set(int session, Set<Rule> rules) throws CaptureException {
    Set<Rule> before = written.get(session);
    for (Rule rule : List.copyOf(before)) {
      if (!rules.contains(rule)) {
        remove(rule, 1L << session);
        before.remove(rule);
      }
    }
    for (Rule rule : rules) {
      if (before.add(rule) && !add(rule, 1L << session)) {
        before.remove(rule);
        throw new CaptureException(
            CaptureException.Reason.EXHAUSTED,
            "target: the kernel's map of rules is full (%d entries)".formatted(map.maxEntries()),
            "end other sessions, or name fewer processes, users and cgroups");
      }
    }
  }

  public void forget(int session) {
    for (Rule rule : written.get(session)) {
      remove(rule, 1L << session);
    }
    written.get(session).clear();
  }

  private boolean add(Rule rule, long bit) {
    writeKey(rule);
    long sessions = map.lookup() ? map.value().getLong(0) : 0;
    map.value().putLong(0, sessions | bit);
    return map.update();
  }

  private void remove(Rule rule, long bit) {
    writeKey(rule);
    long sessions = map.lookup() ? map.value().getLong(0) & ~bit : 0;
    if (sessions == 0) {
      boolean unused = map.delete();
      return;
    }
    map.value().putLong(0, sessions);
    boolean unused = map.update();
  }

  private void writeKey(Rule rule) {
    ByteBuffer key = map.key();
    key.putLong(ControlLayout.RULE_KIND, rule.kind().code());
    key.putLong(ControlLayout.RULE_WORDS, rule.firstWord());
    key.putLong(ControlLayout.RULE_WORDS + Long.BYTES, rule.secondWord());
  }
}
