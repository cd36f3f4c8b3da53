// SPDX-License-Identifier: Apache-2.0
package dev.rastro.daemon.inflight;

/**
 * The word in memory that a thread waits for.
 *
 * @param value as it is now
 * @param expected what the thread had seen there
 */
public record FutexWord(long address, int value, int expected) {}
