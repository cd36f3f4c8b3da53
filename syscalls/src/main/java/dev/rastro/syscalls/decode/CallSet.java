package dev.rastro.syscalls.decode;

import java.util.BitSet;

/** Calls by number. What is true of numbers beyond the table is said apart. */
public final class CallSet {
  public static final CallSet ALL = new CallSet(new BitSet(), true);
  public static final CallSet NONE = new CallSet(new BitSet(), false);

  private final BitSet numbers;
  private final boolean others;

  private CallSet(BitSet numbers, boolean others) {
    this.numbers = numbers;
    this.others = others;
  }

  /** Only these numbers. */
  public static CallSet of(BitSet numbers) {
    return new CallSet((BitSet) numbers.clone(), false);
  }

  public boolean includes(int number) {
    return others || (number >= 0 && numbers.get(number));
  }
}
