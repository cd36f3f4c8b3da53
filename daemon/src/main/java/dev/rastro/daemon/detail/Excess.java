// SPDX-License-Identifier: Apache-2.0
package dev.rastro.daemon.detail;

import dev.rastro.syscalls.plan.Pieces;
import dev.rastro.syscalls.record.RecordLayout;
import dev.rastro.syscalls.record.RecordReader;

/**
 * What is captured for others alone: the kernel takes as much of each argument as the most
 * demanding session wants.
 *
 * @param stringBytes that were asked for, of each string or buffer
 * @param environment whether environment variables were
 * @param descriptors whether it was asked what descriptors stand for
 */
record Excess(int stringBytes, boolean environment, boolean descriptors, Pieces pieces)
    implements Omission {

  @Override
  public boolean begin(RecordReader call) {
    return call.segmentCount() > 0;
  }

  @Override
  public int keep(RecordReader call, int segment) {
    int length = call.segmentLength(segment);
    if (call.segmentKind(segment) == RecordLayout.DESCRIPTOR) {
      return descriptors ? length : OWN;
    }
    if (!environment && pieces.isVariable(call, segment)) {
      return OWN;
    }
    // One byte more than is shown says whether there was more.
    return pieces.isLimited(call, segment) ? Math.min(length, stringBytes + 1) : length;
  }

  @Override
  public int cut() {
    return RecordLayout.TRUNCATED;
  }
}
