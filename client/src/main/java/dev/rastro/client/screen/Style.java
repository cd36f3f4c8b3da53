// SPDX-License-Identifier: Apache-2.0
package dev.rastro.client.screen;

/** How text looks. What matters is told by the text itself: a screen may have no colours. */
public enum Style {
  PLAIN,
  /** Names of columns, and what is chosen. */
  INVERSE,
  STRONG,
  /** Of less importance. */
  FAINT,
  /** Errors and losses. */
  ALERT
}
