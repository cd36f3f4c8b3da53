package dev.rastro.daemon.access;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rastro.daemon.kernel.PeerCredentials;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class PeersTest {
  private static final AccessRules RULES =
      new AccessRules(
          0, OptionalInt.of(50), Role.TRACER, false, Role.VIEWER, Map.of(), Yama.ofThisMachine());
  private static final Caller ROOT = user(0, 0);

  /** From an allowance that is used up to one that is whole. */
  private static final long WHOLE_NANOS =
      TimeUnit.SECONDS.toNanos(1) / PeerLimits.REQUESTS_PER_SECOND * PeerLimits.REQUESTS_AT_ONCE;

  private final Peers peers = new Peers();

  private static Caller user(int uid, int group) {
    return RULES.local(new PeerCredentials(1, uid, uid, Set.of(group)), "u" + uid);
  }

  private static Caller stranger(int number) {
    return user(1000 + number, 7);
  }

  private static Caller member(int number) {
    return user(2000 + number, 50);
  }

  private void assertRefused(String limit, org.junit.jupiter.api.function.Executable asking) {
    LimitReached refused = assertThrows(LimitReached.class, asking);
    assertEquals(limit, refused.limit());
    assertTrue(refused.retryNanos() > 0);
    assertTrue(refused.getMessage().contains(Long.toString(refused.value())));
  }

  @Test
  void oneCallerHasSoManySessionsAndGetsThemBack() throws Exception {
    Caller one = member(1);
    for (int i = 0; i < PeerLimits.MAX_SESSIONS; i++) {
      peers.openSession(one);
    }
    assertRefused("sessions of one caller", () -> peers.openSession(one));
    peers.openSession(member(2));
    peers.closeSession(one);
    peers.openSession(one);
    assertEquals(PeerLimits.MAX_SESSIONS, peers.use(one).sessions());
  }

  @Test
  void manyCallersTogetherLeavePlacesForOthers() throws Exception {
    for (int i = 0; i < PeerLimits.MAX_SESSIONS_OF_STRANGERS; i++) {
      peers.openSession(stranger(i));
    }
    assertRefused("sessions of all callers without a role", () -> peers.openSession(stranger(99)));
    int left = PeerLimits.MAX_SESSIONS_OF_OTHERS - PeerLimits.MAX_SESSIONS_OF_STRANGERS;
    for (int i = 0; i < left; i++) {
      peers.openSession(member(i));
    }
    assertRefused("sessions of all callers but admins", () -> peers.openSession(member(99)));
    for (int i = 0; i < 2 * PeerLimits.MAX_SESSIONS; i++) {
      peers.openSession(ROOT);
    }
    peers.closeSession(stranger(0));
    peers.openSession(stranger(99));
  }

  @Test
  void requestsComeAtOnceAndThenOneByOne() throws Exception {
    Caller one = stranger(1);
    int taken = 0;
    LimitReached refused = null;
    while (refused == null) {
      try {
        peers.beginCall(one, 1);
        peers.endCall(one);
        taken++;
      } catch (LimitReached e) {
        refused = e;
      }
    }
    assertTrue(taken >= PeerLimits.REQUESTS_AT_ONCE, () -> "fewer than a burst");
    assertEquals("requests per second of one caller", refused.limit());
    assertTrue(refused.retryNanos() <= 1_000_000_000L / PeerLimits.REQUESTS_PER_SECOND);
    peers.beginCall(stranger(2), 1);
    for (int i = 0; i < 10 * PeerLimits.REQUESTS_AT_ONCE; i++) {
      peers.beginCall(ROOT, 1);
      peers.endCall(ROOT);
    }
  }

  @Test
  void strangersTogetherAskNoFasterThanTheyMay() throws Exception {
    int number = 0;
    LimitReached refused = null;
    while (refused == null) {
      Caller another = stranger(number++);
      try {
        peers.beginCall(another, Question.LIST_IN_FLIGHT.cost());
        peers.endCall(another);
      } catch (LimitReached e) {
        refused = e;
      }
    }
    assertEquals("requests per second of all callers without a role", refused.limit());
    assertTrue(number * Question.LIST_IN_FLIGHT.cost() >= PeerLimits.REQUESTS_OF_STRANGERS_AT_ONCE);
    peers.beginCall(member(1), Question.LIST_IN_FLIGHT.cost());
    peers.beginCall(ROOT, Question.LIST_IN_FLIGHT.cost());
  }

  @Test
  void callsAndConnectionsAreBounded() throws Exception {
    Caller one = stranger(1);
    for (int i = 0; i < PeerLimits.MAX_CALLS; i++) {
      peers.beginCall(one, 1);
    }
    assertRefused("calls of one caller", () -> peers.beginCall(one, 1));
    for (int i = 0; i < PeerLimits.MAX_CONNECTIONS; i++) {
      peers.connect(one);
    }
    assertRefused("connections of one caller", () -> peers.connect(one));
    peers.disconnect(one);
    peers.disconnect(one);
    peers.connect(one);
  }

  /** Else who has used up an allowance would come again for the next. */
  @Test
  void whoHasGoneIsRememberedUntilTheirAllowanceIsWhole() throws Exception {
    Caller one = stranger(1);
    long began = System.nanoTime();
    peers.connect(one);
    for (int i = 0; i < PeerLimits.REQUESTS_AT_ONCE; i++) {
      peers.beginCall(one, 1);
      peers.endCall(one);
    }
    peers.disconnect(one);
    peers.forget();
    assertTrue(peers.size() == 1 || System.nanoTime() - began >= WHOLE_NANOS);
    while (peers.size() > 0) {
      peers.forget();
      Thread.onSpinWait();
    }
  }

  @Test
  void refusalsAreToldOnceASecondWithTheirNumber() {
    Caller one = stranger(1);
    assertEquals(1, peers.refused(one).orElseThrow());
    long untold = 0;
    var told = peers.refused(one);
    while (told.isEmpty()) {
      untold++;
      told = peers.refused(one);
    }
    assertEquals(untold + 1, told.getAsLong());
  }
}
