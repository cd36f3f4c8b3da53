package dev.rastro.daemon.rpc;

import dev.rastro.syscalls.table.Signals;

/** A status as wait(2) reports it, in words. */
final class WaitStatus {

  private static final int SIGNAL_MASK = 0x7f;
  private static final int CORE_DUMPED = 0x80;

  private WaitStatus() {}

  static String text(int status) {
    int signal = status & SIGNAL_MASK;
    if (signal == 0) {
      return "exited with " + (status >> 8 & 0xff);
    }
    return "killed by "
        + Signals.name(signal)
        + ((status & CORE_DUMPED) != 0 ? " (core dumped)" : "");
  }
}
