// SPDX-License-Identifier: Apache-2.0
package dev.rastro.daemon.session;

/** What happens when a stream's queue fills. */
public enum Overload {
  /** The oldest goes, and is told as a gap. */
  DROP_OLDEST,
  /** The stream ends. */
  END,
  /** Events get shorter as it fills, and are only counted once it is full. */
  DEGRADE
}
