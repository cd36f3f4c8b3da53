package dev.rastro.client.launch;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import dev.rastro.client.failure.ClientFailure;

/** The running command. Any thread may signal it; one waits for it. */
public final class Child {
  private static final int RUNNING = -1;

  private final int pid;
  private volatile int status = RUNNING;

  Child(int pid) {
    this.pid = pid;
  }

  public int pid() {
    return pid;
  }

  /** Blocks until it has ended. */
  public WaitStatus await() {
    if (status == RUNNING) {
      try (Memory raw = new Memory(Integer.BYTES)) {
        while (Libc.waitpid(pid, raw, 0) < 0) {
          if (Native.getLastError() != Libc.EINTR) {
            throw ClientFailure.failed(
                "waitpid(" + pid + ") failed: errno " + Native.getLastError());
          }
        }
        status = raw.getInt(0);
      }
    }
    return new WaitStatus(status);
  }

  /** Does nothing once it has been waited for. */
  public void send(int signal) {
    if (status == RUNNING) {
      // It may have ended this moment; then there is nobody left to tell.
      int unused = Libc.kill(pid, signal);
    }
  }
}
