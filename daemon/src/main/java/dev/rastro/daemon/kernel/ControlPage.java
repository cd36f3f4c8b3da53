package dev.rastro.daemon.kernel;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.BitSet;

/**
 * struct rastro_control as it lies in the program's .bss: masks and switches that this side writes,
 * losses that the program counts. Written by the drain thread alone.
 */
public final class ControlPage {
  private static final VarHandle LONG =
      MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.nativeOrder());
  private static final VarHandle INT =
      MethodHandles.byteBufferViewVarHandle(int[].class, ByteOrder.nativeOrder());

  /** Masks over the sessions that are not by syscall or signal. */
  public enum Mask {
    EVERYONE(ControlLayout.EVERYONE),
    STREAMING(ControlLayout.STREAMING),
    COUNTING(ControlLayout.COUNTING),
    FAILED_ONLY(ControlLayout.FAILED_ONLY),
    SUCCESS_ONLY(ControlLayout.SUCCESS_ONLY),
    LIFECYCLE(ControlLayout.LIFECYCLE),
    LIFECYCLE_EVERYONE(ControlLayout.LIFECYCLE_EVERYONE),
    BLOCKED(ControlLayout.BLOCKED),
    LIFECYCLE_TOLD(ControlLayout.LIFECYCLE_TOLD),
    CHOOSING(ControlLayout.CHOOSING),
    CHOOSES_BY_COMM(ControlLayout.CHOOSES_BY),
    CHOOSES_BY_EXECUTABLE(ControlLayout.CHOOSES_BY + 8),
    CHOOSES_BY_UID(ControlLayout.CHOOSES_BY + 16),
    CHOOSES_BY_CGROUP(ControlLayout.CHOOSES_BY + 24),
    CHOOSING_DESCENDANTS(ControlLayout.CHOOSING_DESCENDANTS),
    SOME_ERRORS(ControlLayout.SOME_ERRORS),
    SLOW_ONLY(ControlLayout.SLOW_ONLY),
    DESCRIPTORS(ControlLayout.DESCRIPTORS);

    private final int offset;

    Mask(int offset) {
      this.offset = offset;
    }
  }

  private final ByteBuffer page;

  ControlPage(ByteBuffer page) {
    this.page = page.order(ByteOrder.nativeOrder());
  }

  /** Sets or clears one session's bit of a mask. */
  public void set(Mask mask, int session, boolean wanted) {
    setBit(mask.offset, session, wanted);
  }

  /** The syscall slots that the session wants, and no others. */
  public void setSyscalls(int session, BitSet slots) {
    for (int slot = 0; slot < ControlLayout.SYSCALL_SLOTS; slot++) {
      setBit(ControlLayout.SYSCALL_SESSIONS + 8 * slot, session, slots.get(slot));
    }
  }

  /** The signals that the session wants, and no others. */
  public void setSignals(int session, BitSet signals) {
    for (int signal = 0; signal < ControlLayout.SIGNALS; signal++) {
      setBit(ControlLayout.SIGNAL_SESSIONS + 8 * signal, session, signals.get(signal));
    }
  }

  /** Failed calls that the session wants, by errno; empty for whatever the outcome. */
  public void setErrnos(int session, BitSet errnos) {
    for (int errno = 0; errno < ControlLayout.ERRNOS; errno++) {
      setBit(ControlLayout.ERRNO_SESSIONS + 8 * errno, session, errnos.get(errno));
    }
    set(Mask.SOME_ERRORS, session, !errnos.isEmpty());
  }

  /** Calls that last for less are not the session's; 0 for all. */
  public void setMinDuration(int session, long nanos) {
    LONG.setVolatile(page, ControlLayout.MIN_DURATION + 8 * session, nanos);
    set(Mask.SLOW_ONLY, session, nanos > 0);
  }

  /**
   * Whose processes the session may see. To be set before anything that it wants, and to be
   * loosened when it wants nothing any more.
   */
  public void setReach(int session, Reach reach) {
    if (reach.kind() == Reach.Kind.OWN) {
      INT.setVolatile(page, ControlLayout.OWNER_UID + 4 * session, reach.uid());
      INT.setVolatile(page, ControlLayout.OWNER_GID + 4 * session, reach.gid());
    }
    setBit(ControlLayout.OWNED, session, reach.kind() == Reach.Kind.OWN);
    setBit(ControlLayout.BOUNDED, session, !reach.isEvery());
  }

  /** Takes the session's bit out of every mask, but for {@link #setReach}. */
  public void clear(int session) {
    for (Mask mask : Mask.values()) {
      setBit(mask.offset, session, false);
    }
    setSyscalls(session, new BitSet());
    setSignals(session, new BitSet());
    setErrnos(session, new BitSet());
    setMinDuration(session, 0);
  }

  /** Makes tasks look at their masks anew. Follows every change of targets and sessions. */
  public void bumpEpoch() {
    INT.getAndAdd(page, ControlLayout.EPOCH, 1);
  }

  /** Asks to be woken at the next record. */
  void arm() {
    INT.setVolatile(page, ControlLayout.ARMED, 1);
    VarHandle.fullFence();
  }

  void disarm() {
    INT.setVolatile(page, ControlLayout.ARMED, 0);
  }

  void setSelf(int tgid) {
    INT.setVolatile(page, ControlLayout.SELF_TGID, tgid);
  }

  void setTailNames(int names) {
    INT.setVolatile(page, ControlLayout.TAIL_NAMES, names);
  }

  /** How many bits of an address tell the place within a page. */
  void setPageShift(int bits) {
    INT.setVolatile(page, ControlLayout.PAGE_SHIFT, bits);
  }

  void setCapture(int slot, int flags) {
    page.putShort(ControlLayout.CAPTURE + Short.BYTES * slot, (short) flags);
  }

  /** How often since the load; any cause but {@link LossCause#MISSED_RUN}. */
  public long lost(LossCause cause) {
    return (long) LONG.getAcquire(page, ControlLayout.LOST + 8 * cause.code());
  }

  /** Records that did not fit the ring and were meant for this bit, since the load. */
  public long lostBySession(int session) {
    return (long) LONG.getAcquire(page, ControlLayout.LOST_BY_SESSION + 8 * session);
  }

  private void setBit(int offset, int session, boolean wanted) {
    long bit = 1L << session;
    long old = (long) LONG.getVolatile(page, offset);
    LONG.setVolatile(page, offset, wanted ? old | bit : old & ~bit);
  }
}
