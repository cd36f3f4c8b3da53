package dev.rastro.daemon.access;

import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;

/**
 * What callers take of the daemon, each over all their connections, and all together. Admins are
 * counted and not limited. Any thread; nothing blocks.
 *
 * <p>A caller who has gone is remembered until their allowance of requests is whole again: who
 * comes back at once gets no other.
 */
public final class Peers {
  private static final long RETRY_NANOS = TimeUnit.SECONDS.toNanos(1);

  /** Guarded by this, like what is in it. */
  private final Map<String, Peer> byKey = new HashMap<>();

  private int sessionsOfOthers;
  private int sessionsOfStrangers;

  private final Allowance ofStrangers =
      new Allowance(
          "requests per second of all callers without a role",
          PeerLimits.REQUESTS_OF_STRANGERS_PER_SECOND,
          PeerLimits.REQUESTS_OF_STRANGERS_AT_ONCE);

  /** What one of them has now. */
  private static final class Peer {
    private int connections;
    private int calls;
    private int sessions;

    private final Allowance requests =
        new Allowance(
            "requests per second of one caller",
            PeerLimits.REQUESTS_PER_SECOND,
            PeerLimits.REQUESTS_AT_ONCE);
    private long refused;
    private long refusedToldNanos = System.nanoTime() - RETRY_NANOS;

    boolean isForgettable(long now) {
      return connections == 0 && calls == 0 && sessions == 0 && requests.isWhole(now);
    }
  }

  /**
   * Something was refused. How often since it was last told, when it is to be told again; empty
   * when it was told less than a second ago.
   */
  public synchronized OptionalLong refused(Caller caller) {
    Peer peer = peer(caller);
    peer.refused++;
    long now = System.nanoTime();
    if (now - peer.refusedToldNanos < RETRY_NANOS) {
      return OptionalLong.empty();
    }
    peer.refusedToldNanos = now;
    long count = peer.refused;
    peer.refused = 0;
    return OptionalLong.of(count);
  }

  /** What one caller has. */
  public record Use(int connections, int calls, int sessions) {}

  /**
   * A connection comes, and counts until {@link #disconnect} in any case.
   *
   * @throws LimitReached when nothing may be had over it
   */
  public synchronized void connect(Caller caller) throws LimitReached {
    Peer peer = peer(caller);
    peer.connections++;
    if (!caller.isAdmin()) {
      refuseAbove(peer.connections - 1, PeerLimits.MAX_CONNECTIONS, "connections", "of one caller");
      refuseAbove(byKey.size() - 1, PeerLimits.MAX_PEERS, "callers", "at a time");
    }
  }

  public synchronized void disconnect(Caller caller) {
    peer(caller).connections--;
  }

  /**
   * A call begins; unless refused it counts until {@link #endCall}.
   *
   * @param cost in requests that take next to nothing
   */
  public synchronized void beginCall(Caller caller, int cost) throws LimitReached {
    Peer peer = peer(caller);
    if (!caller.isAdmin()) {
      long now = System.nanoTime();
      refuseAbove(peer.calls, PeerLimits.MAX_CALLS, "calls", "of one caller");
      peer.requests.check(now);
      if (caller.role().isEmpty()) {
        ofStrangers.check(now);
        ofStrangers.take(now, cost);
      }
      peer.requests.take(now, cost);
    }
    peer.calls++;
  }

  public synchronized void endCall(Caller caller) {
    peer(caller).calls--;
  }

  /** A session opens; unless refused it counts until {@link #closeSession}. */
  public synchronized void openSession(Caller caller) throws LimitReached {
    Peer peer = peer(caller);
    if (!caller.isAdmin()) {
      refuseAbove(peer.sessions, PeerLimits.MAX_SESSIONS, "sessions", "of one caller");
      refuseAbove(
          sessionsOfOthers,
          PeerLimits.MAX_SESSIONS_OF_OTHERS,
          "sessions",
          "of all callers but admins");
      if (caller.role().isEmpty()) {
        refuseAbove(
            sessionsOfStrangers,
            PeerLimits.MAX_SESSIONS_OF_STRANGERS,
            "sessions",
            "of all callers without a role");
      }
    }
    count(caller, 1);
  }

  public synchronized void closeSession(Caller caller) {
    count(caller, -1);
  }

  private void count(Caller caller, int change) {
    peer(caller).sessions += change;
    sessionsOfOthers += caller.isAdmin() ? 0 : change;
    sessionsOfStrangers += caller.role().isEmpty() ? change : 0;
  }

  public synchronized Use use(Caller caller) {
    Peer peer = peer(caller);
    return new Use(peer.connections, peer.calls, peer.sessions);
  }

  /** Forgets callers of whom nothing is left; to be called each second or so. */
  public synchronized void forget() {
    long now = System.nanoTime();
    byKey.values().removeIf(peer -> peer.isForgettable(now));
  }

  /** How many are remembered. */
  public synchronized int size() {
    return byKey.size();
  }

  private Peer peer(Caller caller) {
    return byKey.computeIfAbsent(caller.key(), key -> new Peer());
  }

  private static void refuseAbove(int now, int limit, String what, String whose)
      throws LimitReached {
    if (now >= limit) {
      throw new LimitReached(
          what + " " + whose,
          limit,
          RETRY_NANOS,
          "%s: there are %d %s, which is all that is given".formatted(what, now, whose));
    }
  }
}
