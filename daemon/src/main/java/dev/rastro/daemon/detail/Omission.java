// SPDX-License-Identifier: Apache-2.0
package dev.rastro.daemon.detail;

import dev.rastro.syscalls.record.RecordLayout;
import dev.rastro.syscalls.record.RecordReader;

/** What is left out of a call's record. One thread. */
interface Omission {

  /** An answer of {@link #keep}: not even the segment's head stays. */
  int DROP = -1;

  /** The same for what was never meant for a reader: nothing is missed. */
  int OWN = -2;

  /** False when all of this call stays. Asked once, before its segments. */
  boolean begin(RecordReader call);

  /**
   * How many bytes of a segment stay, {@link #DROP} or {@link #OWN}. Asked once for each, in order.
   */
  int keep(RecordReader call, int segment);

  /** What is said of a segment of which not all stays: a bit of its status. */
  default int cut() {
    return RecordLayout.CUT_SECRET;
  }
}
