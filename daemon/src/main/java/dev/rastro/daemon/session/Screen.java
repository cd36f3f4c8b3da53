// SPDX-License-Identifier: Apache-2.0
package dev.rastro.daemon.session;

import java.util.BitSet;
import java.util.List;
import java.util.Set;

/**
 * The part of a filter that the kernel cannot do. It is about calls; signals and the lives of
 * processes pass.
 *
 * @param maxDurationNanos only calls that lasted no longer; 0 for all
 * @param paths only calls that touch one of these, or one of the descriptors; empty for all
 * @param descriptors numbers, whatever they stand for
 * @param texts only calls whose line has one of these in it; empty for all
 * @param described whether these lines say what descriptors stand for
 */
public record Screen(
    long maxDurationNanos,
    Set<String> paths,
    BitSet descriptors,
    List<String> texts,
    boolean described) {

  public static final Screen NONE = new Screen(0, Set.of(), new BitSet(), List.of(), false);

  public Screen {
    paths = Set.copyOf(paths);
    descriptors = (BitSet) descriptors.clone();
    texts = List.copyOf(texts);
  }

  /** Whether everything passes. */
  public boolean isNone() {
    return maxDurationNanos == 0 && paths.isEmpty() && descriptors.isEmpty() && texts.isEmpty();
  }
}
