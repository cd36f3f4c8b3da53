package dev.rastro.daemon.session;

import dev.rastro.daemon.access.Caller;
import dev.rastro.daemon.aggregate.Snapshot;
import java.util.ArrayDeque;
import java.util.Optional;

/**
 * What the last sessions that ended had counted, and the books of all that ever did. Any thread.
 */
final class EndedSums {

  private static final int MAX_SESSIONS = 8;

  /** Of one session; what is larger is not kept. */
  private static final int MAX_ROWS = 20_000;

  private record Entry(String id, Caller owner, Snapshot sums) {}

  private final ArrayDeque<Entry> entries = new ArrayDeque<>();

  private Ledger books = Ledger.EMPTY;

  synchronized void add(String id, Caller owner, Snapshot sums, Ledger last) {
    books = books.plus(last);
    if (sums.rows().size() > MAX_ROWS) {
      return;
    }
    if (entries.size() == MAX_SESSIONS) {
      entries.removeFirst();
    }
    entries.addLast(new Entry(id, owner, sums));
  }

  synchronized Ledger ledger() {
    return books;
  }

  synchronized Optional<Snapshot> find(String id, Caller caller) {
    return entries.stream()
        .filter(entry -> entry.id().equals(id) && caller.owns(entry.owner()))
        .map(Entry::sums)
        .findFirst();
  }
}
