// SPDX-License-Identifier: Apache-2.0
package dev.rastro.daemon.inflight;

/**
 * How long a thread is inside its call.
 *
 * @param exact its entry was seen; else it has lasted at least so long, and 0 says nothing
 */
public record Age(long nanos, boolean exact) {}
