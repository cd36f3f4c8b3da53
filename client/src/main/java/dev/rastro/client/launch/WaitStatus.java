package dev.rastro.client.launch;

import dev.rastro.client.failure.ExitStatus;

/** How a child ended, as wait(2) encodes it. */
public record WaitStatus(int raw) {

  public boolean killed() {
    return signal() != 0;
  }

  /** The signal that killed it; 0 when it exited. */
  public int signal() {
    return raw & 0x7f;
  }

  /** What a shell would make of it. */
  public int exitStatus() {
    return killed() ? ExitStatus.KILLED_BY + signal() : (raw >> 8) & 0xff;
  }
}
