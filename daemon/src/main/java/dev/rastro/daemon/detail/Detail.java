// SPDX-License-Identifier: Apache-2.0
package dev.rastro.daemon.detail;

/** How much of an event leaves the daemon. Each has less than the one before. */
public enum Detail {
  FULL,
  /** Without the data that calls move; paths, structs and arguments of programs are there. */
  NO_BUFFERS,
  /** Registers, names, errors and durations: no byte of a program's memory, no file's name. */
  NO_ARGUMENTS,
  /** No events, only how many calls there were of each kind. */
  COUNTS;

  /** Whichever has less. */
  public Detail atMost(Detail other) {
    return compareTo(other) >= 0 ? this : other;
  }

  public boolean isLessThan(Detail other) {
    return compareTo(other) > 0;
  }
}
