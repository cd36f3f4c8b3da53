package dev.rastro.daemon.kernel;

import dev.rastro.syscalls.record.RecordLayout;
import java.util.BitSet;

/**
 * Proof that the way from a system call to the ring is open: this process, which is else never
 * traced, makes one call and must find its record. What can only be seen so: programs that attach
 * and never run, and a daemon that knows itself by another number than the kernel's, as in a
 * container with a process-id namespace of its own.
 */
public final class SelfTest {
  private static final int SESSION = 0;

  /** The call of other threads of this process may come before. */
  private static final int PASS_RECORDS = 1024;

  private SelfTest() {}

  /**
   * Attaches, calls, looks, detaches. Before the drain has the capture.
   *
   * @param getppid the call's number
   * @throws CaptureException when programs cannot be attached, or the call was not seen
   */
  public static void run(Capture capture, int getppid) throws CaptureException {
    int self = ProcFs.self();
    BitSet calls = new BitSet();
    calls.set(getppid);
    try {
      capture.control().setSelf(0);
      capture.control().setSyscalls(SESSION, calls);
      capture.control().set(ControlPage.Mask.STREAMING, SESSION, true);
      capture.targets().watchProcess(self, SESSION, false);
      capture.control().bumpEpoch();
      capture.attach();
      int unused = Libc.getppid();
      if (!seen(capture.rings(), self, getppid)) {
        throw new CaptureException(
            CaptureException.Reason.UNSUPPORTED,
            "self-test: the programs are attached, and a call of process %d was not seen"
                .formatted(self),
            "if this is a container, let it share the host's process ids"
                + " (docker: --pid host, Kubernetes: hostPID: true)");
      }
    } finally {
      capture.detach();
      capture.targets().forget(SESSION);
      capture.control().clear(SESSION);
      capture.control().setSelf(self);
      capture.control().bumpEpoch();
    }
  }

  private static boolean seen(Rings rings, int self, int number) {
    boolean[] seen = new boolean[1];
    int unused =
        rings.pass(
            run ->
                run.forEach(
                    (data, offset, length) ->
                        seen[0] |=
                            run.kind() == RecordLayout.CALL
                                && data.getInt(offset + RecordLayout.HEAD_TGID_OFFSET) == self
                                && data.getInt(offset + RecordLayout.HEAD_NR_OFFSET) == number),
            PASS_RECORDS);
    return seen[0];
  }
}
