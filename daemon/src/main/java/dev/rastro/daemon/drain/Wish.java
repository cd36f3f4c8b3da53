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
    boolean descriptors) {

  /** Which calls, by their result. */
  public enum Outcome {
    ANY,
    FAILED,
    SUCCESSFUL
  }

  public Wish {
    slots = (BitSet) slots.clone();
    signals = (BitSet) signals.clone();
  }
}
