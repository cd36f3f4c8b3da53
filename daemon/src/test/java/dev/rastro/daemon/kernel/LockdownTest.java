package dev.rastro.daemon.kernel;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class LockdownTest {
  @Test
  void theModeInForceStandsInBrackets() {
    assertTrue(Lockdown.isConfidential("none integrity [confidentiality]\n"));
    assertFalse(Lockdown.isConfidential("none [integrity] confidentiality\n"));
    assertFalse(Lockdown.isConfidential(""));
  }
}
