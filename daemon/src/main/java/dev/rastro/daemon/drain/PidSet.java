package dev.rastro.daemon.drain;

import java.util.Arrays;
import java.util.function.IntConsumer;
import java.util.function.IntPredicate;

/** A set of process or thread ids; open addressing, allocates only when it grows. */
final class PidSet {
  private static final int FIRST_SLOTS = 16;
  private static final int MIX = 0x9E3779B9;

  /** 0 is no process and marks an empty slot. At most half full. */
  private int[] slots = new int[FIRST_SLOTS];

  private int size;

  static PidSet of(Iterable<Integer> pids) {
    PidSet set = new PidSet();
    for (int pid : pids) {
      set.add(pid);
    }
    return set;
  }

  int size() {
    return size;
  }

  boolean isEmpty() {
    return size == 0;
  }

  boolean contains(int pid) {
    return slots[slotOf(pid)] == pid;
  }

  /** The action must not change the set. */
  void forEach(IntConsumer action) {
    for (int pid : slots) {
      if (pid != 0) {
        action.accept(pid);
      }
    }
  }

  void add(int pid) {
    if (size * 2 >= slots.length) {
      grow();
    }
    int slot = slotOf(pid);
    if (slots[slot] == 0) {
      slots[slot] = pid;
      size++;
    }
  }

  boolean remove(int pid) {
    int mask = slots.length - 1;
    int hole = slotOf(pid);
    if (slots[hole] == 0) {
      return false;
    }
    // Pull back what the hole would cut off from its home.
    for (int i = (hole + 1) & mask; slots[i] != 0; i = (i + 1) & mask) {
      int home = home(slots[i]);
      if (((i - home) & mask) >= ((i - hole) & mask)) {
        slots[hole] = slots[i];
        hole = i;
      }
    }
    slots[hole] = 0;
    size--;
    return true;
  }

  /** Removes those that the predicate names. Allocates. */
  void removeIf(IntPredicate gone) {
    for (int pid : Arrays.copyOf(slots, slots.length)) {
      if (pid != 0 && gone.test(pid)) {
        boolean unused = remove(pid);
      }
    }
  }

  private int slotOf(int pid) {
    int mask = slots.length - 1;
    int slot = home(pid);
    while (slots[slot] != 0 && slots[slot] != pid) {
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  private int home(int pid) {
    return ((pid * MIX) >>> 8) & (slots.length - 1);
  }

  private void grow() {
    int[] old = slots;
    slots = new int[old.length * 2];
    for (int pid : old) {
      if (pid != 0) {
        slots[slotOf(pid)] = pid;
      }
    }
  }
}
