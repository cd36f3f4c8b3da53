package dev.rastro.client.commands;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class EndGuardTest {
  private static final int DEADLINE_SECONDS = 30;

  private final CompletableFuture<Boolean> silence = new CompletableFuture<>();

  @Test
  void silenceAfterTheEndIsGivenUp() throws Exception {
    try (EndGuard guard = new EndGuard(1, () -> silence.complete(true))) {
      assertFalse(guard.gaveUp());
      guard.start();
      assertTrue(silence.get(DEADLINE_SECONDS, TimeUnit.SECONDS));
      assertTrue(guard.gaveUp());
    }
  }

  @Test
  void whoStillPrintsIsWaitedForAndThenNoLonger() throws Exception {
    try (EndGuard guard = new EndGuard(1, () -> silence.complete(true))) {
      guard.working();
      guard.start();
      assertFalse(guard.gaveUp());
      guard.waiting();
      assertTrue(silence.get(DEADLINE_SECONDS, TimeUnit.SECONDS));
    }
  }
}
