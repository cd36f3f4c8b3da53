package dev.rastro.daemon.session;

import dev.rastro.daemon.access.Caller;
import dev.rastro.daemon.access.LimitReached;
import dev.rastro.daemon.access.PeerLimits;
import dev.rastro.daemon.access.Peers;
import dev.rastro.daemon.aggregate.Query;
import dev.rastro.daemon.aggregate.Snapshot;
import dev.rastro.daemon.aggregate.Window;
import dev.rastro.daemon.detail.Detail;
import dev.rastro.daemon.detail.Reduction;
import dev.rastro.daemon.detail.Secrets;
import dev.rastro.daemon.drain.Books;
import dev.rastro.daemon.drain.Drain;
import dev.rastro.daemon.kernel.CaptureException;
import dev.rastro.syscalls.plan.Pieces;
import dev.rastro.syscalls.table.SyscallTable;
import java.security.SecureRandom;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;

/**
 * All that is being watched. Any thread; nothing blocks. A session is its caller's, and there for
 * nobody else but admins; its id cannot be guessed either.
 */
public final class Sessions {

  private static final int ID_BYTES = 8;

  private final Drain drain;
  private final SyscallTable table;
  private final Secrets secrets;
  private final Pieces pieces;
  private final SecureRandom random = new SecureRandom();
  private final ConcurrentHashMap<String, Session> open = new ConcurrentHashMap<>();
  private final EndedSums ended = new EndedSums();
  private final QueueMemory memory = QueueMemory.ofAllSessions();
  private final Semaphore places = new Semaphore(SessionLimits.MAX_SESSIONS);
  private final Peers peers;

  /** Of those callers that have sessions. */
  private final ConcurrentHashMap<String, Share> shares = new ConcurrentHashMap<>();

  /** One caller's part of the memory for queues. */
  private record Share(int sessions, QueueMemory memory) {}

  /**
   * @param secrets what no session shows
   */
  public Sessions(Drain drain, SyscallTable table, Secrets secrets, Peers peers) {
    this.drain = drain;
    this.table = table;
    this.secrets = secrets;
    this.pieces = new Pieces(table);
    this.peers = peers;
  }

  /**
   * Completed once the target is being watched; with a {@link CaptureException} when it cannot be,
   * and with {@link LimitReached} when its caller has enough.
   */
  public CompletableFuture<Session> open(Order order, Session.Watcher watcher) {
    try {
      take(order.caller());
    } catch (CaptureException | LimitReached e) {
      return CompletableFuture.failedFuture(e);
    }
    Session session =
        new Session(
            newId(),
            order,
            memoryOf(order.caller()),
            new Narrowing(order.wish(), order.terms(), pieces),
            refinement(order),
            watcher);
    return drain
        .open(order.wish(), session.subscriber())
        .thenApply(
            opened -> {
              session.opened(opened);
              open.put(session.id(), session);
              return session;
            })
        .whenComplete(
            (opened, failure) -> {
              if (failure != null) {
                giveBack(order.caller());
              }
            });
  }

  /** Empty when nothing is ever taken out: then records leave as they come. */
  private Optional<Refinement> refinement(Order order) {
    boolean showsMemory = !order.terms().detail().isLessThan(Detail.NO_BUFFERS);
    Optional<Reduction> hiding =
        secrets.isEmpty() || !showsMemory
            ? Optional.empty()
            : Optional.of(Reduction.hiding(secrets, pieces));
    Optional<CallFilter> filter =
        order.screen().isNone()
            ? Optional.empty()
            : Optional.of(
                CallFilter.of(
                    order.screen(), order.wish().stringBytes(), order.wish().environment(), table));
    return hiding.isEmpty() && filter.isEmpty()
        ? Optional.empty()
        : Optional.of(new Refinement(hiding, filter));
  }

  private void take(Caller caller) throws CaptureException, LimitReached {
    if (!places.tryAcquire()) {
      throw exhausted();
    }
    try {
      peers.openSession(caller);
    } catch (LimitReached e) {
      places.release();
      throw e;
    }
    shares.compute(
        caller.key(),
        (key, share) ->
            share == null
                ? new Share(1, newShare(caller))
                : new Share(share.sessions() + 1, share.memory()));
  }

  private QueueMemory newShare(Caller caller) {
    return caller.isAdmin() ? memory : memory.share(PeerLimits.MAX_QUEUE_BYTES);
  }

  private QueueMemory memoryOf(Caller caller) {
    return shares.get(caller.key()).memory();
  }

  private void giveBack(Caller caller) {
    shares.computeIfPresent(
        caller.key(),
        (key, share) ->
            share.sessions() == 1 ? null : new Share(share.sessions() - 1, share.memory()));
    peers.closeSession(caller);
    places.release();
  }

  /**
   * Ends a session. What the kernel has for it by now still reaches its queue, and its sums are
   * kept for a while: who counted until the end of a target asks for them after it.
   *
   * @return completed when both are done
   */
  public CompletableFuture<Books> close(Session session) {
    if (!session.beginEnding()) {
      return session.close();
    }
    CompletableFuture<Snapshot> sums =
        session.order().wish().counters()
            ? session.summary(new Query(Query.By.BOTH, Set.of(), new BitSet()), Window.WHOLE)
            : CompletableFuture.completedFuture(new Snapshot(List.of(), List.of(), 0));
    return session
        .close()
        .thenCombine(
            sums,
            (books, last) -> {
              end(session, last);
              return books;
            })
        .whenComplete(
            (books, failure) -> {
              if (failure != null) {
                end(session, new Snapshot(List.of(), List.of("its end failed"), 0));
              }
              giveBack(session.order().caller());
            });
  }

  /** It is always among the open or among the ended, and never among both. */
  private synchronized void end(Session session, Snapshot last) {
    var unused = session.lastSums().complete(last);
    ended.add(session.id(), session.order().caller(), last, session.ledger());
    open.remove(session.id(), session);
  }

  /**
   * Sums of a session that is open or has ended not long ago; empty when it is neither, or not this
   * caller's. Of one that has ended only the whole is left.
   */
  public Optional<CompletableFuture<Snapshot>> summary(
      String id, Caller caller, Query query, Window window) {
    return Optional.ofNullable(open.get(id))
        .filter(session -> caller.owns(session.order().caller()))
        .map(session -> summary(session, query, window))
        .or(
            () ->
                ended
                    .find(id, caller)
                    .map(last -> CompletableFuture.completedFuture(Regrouping.of(last, query))));
  }

  private static CompletableFuture<Snapshot> summary(Session session, Query query, Window window) {
    return session
        .summary(query, window)
        .exceptionallyCompose(
            failure ->
                session.isEnding()
                    ? session.lastSums().thenApply(last -> Regrouping.of(last, query))
                    : CompletableFuture.failedFuture(failure));
  }

  /** To be called about once a second, by one thread at a time. Reads files. */
  public void refreshNames() {
    open.values().forEach(Session::refreshNames);
  }

  /** Oldest first. */
  public List<Session> all() {
    return open.values().stream()
        .sorted(Comparator.comparingLong(Session::ageNanos).reversed())
        .toList();
  }

  /** Of all sessions since the start, those that have ended among them. */
  public synchronized Ledger ledger() {
    Ledger sum = ended.ledger();
    for (Session session : open.values()) {
      sum = sum.plus(session.ledger());
    }
    return sum;
  }

  private String newId() {
    byte[] bytes = new byte[ID_BYTES];
    random.nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }

  private static CaptureException exhausted() {
    return new CaptureException(
        CaptureException.Reason.EXHAUSTED,
        "sessions: all %d are open".formatted(SessionLimits.MAX_SESSIONS),
        "close a stream; rastro status lists them");
  }
}
