package dev.rastro.daemon.drain;

import java.util.BitSet;

/**
 * What a session wants of the kernel; all of it is decided there, record by record.
 *
 * @param slots syscall slots it wants to see or count (numbers of the table, and the two slots for
 *     unknown and foreign calls)
 * @param signals signal numbers it wants to see; empty for none
 * @param records it wants calls one by one through {@link Subscriber#onRecord}
 * @param counters its calls are added up, for {@link Drain#summary}
 * @param lifecycle it wants fork, exec and exit records handed on. The drain itself always follows
 *     the life of a target's processes
 * @param stringBytes longest string or buffer to capture. The largest wish of all sessions holds,
 *     so a record may bring more than asked for
 * @param environment capture the strings of envp
 * @param errnos of the calls that failed, only those with these errors, and none that succeeded;
 *     empty for any
 * @param minDurationNanos only calls that lasted so long; 0 for all. Those whose beginning was not
 *     seen pass
 * @param blocked its calls are told while they block, too: by {@code RASTRO_CALL_BLOCKED} records
 * @param descriptors tell what each call's descriptors stand for
 */
public record Wish(
    Target target,
    BitSet slots,
    BitSet signals,
    Outcome outcome,
    boolean records,
    boolean counters,
    boolean lifecycle,
    int stringBytes,
    boolean environment,
    BitSet errnos,
    long minDurationNanos,
    boolean blocked,
    boolean descriptors) {

  /** Which calls, by their result. */
  public enum Outcome {
    ANY,
    FAILED,
    SUCCESSFUL
  }

  /** A wish for calls that have returned, with any error and of any duration. */
  public Wish(
      Target target,
      BitSet slots,
      BitSet signals,
      Outcome outcome,
      boolean records,
      boolean counters,
      boolean lifecycle,
      int stringBytes,
      boolean environment) {
    this(
        target,
        slots,
        signals,
        outcome,
        records,
        counters,
        lifecycle,
        stringBytes,
        environment,
        new BitSet(),
        0,
        false,
        false);
  }

  public Wish {
    slots = (BitSet) slots.clone();
    signals = (BitSet) signals.clone();
    errnos = (BitSet) errnos.clone();
  }

  /** The same for calls that failed with one of these errors. */
  public Wish failedWith(BitSet errors) {
    return ending(errors, minDurationNanos);
  }

  /** The same for calls that lasted so long. */
  public Wish lasting(long nanos) {
    return ending(errnos, nanos);
  }

  private Wish ending(BitSet errors, long nanos) {
    return new Wish(
        target,
        slots,
        signals,
        outcome,
        records,
        counters,
        lifecycle,
        stringBytes,
        environment,
        errors,
        nanos,
        blocked,
        descriptors);
  }
}
