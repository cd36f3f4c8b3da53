package dev.rastro.syscalls.decode;

import dev.rastro.syscalls.table.Kind;

/** The code behind a {@link Kind.Special}: tells one value to the walk's sink. */
@FunctionalInterface
interface Special {

  /**
   * @param value the argument's register, the field's bits or the call's result
   */
  void tell(Walk walk, long value);

  /** Whether there is nothing to tell: strace leaves the argument or field out. */
  default boolean omitted(Walk walk) {
    return false;
  }

  /** A field or element at {@code at} in the record's buffer, of at least the kind's size. */
  default void tellInline(Walk walk, Kind.Special kind, int at) {
    tell(walk, walk.unsigned(at, kind.sizeBytes()));
  }

  /** A special that is left out at times. */
  record Sometimes(Condition present, Special inner) implements Special {
    @Override
    public void tell(Walk walk, long value) {
      inner.tell(walk, value);
    }

    @Override
    public boolean omitted(Walk walk) {
      return !present.holds(walk);
    }
  }

  /** A special whose bytes lie where an argument points, or inline in a struct. */
  interface InMemory extends Special {
    @Override
    default void tell(Walk walk, long address) {
      walk.pointed(address, this);
    }

    @Override
    default void tellInline(Walk walk, Kind.Special kind, int at) {
      tellBytes(walk, at, kind.sizeBytes());
    }

    /**
     * @return false when the bytes are too few to tell anything: the address is told instead
     */
    boolean tellBytes(Walk walk, int at, int length);
  }

  /** When a {@link Sometimes} is told. */
  @FunctionalInterface
  interface Condition {
    boolean holds(Walk walk);
  }
}
