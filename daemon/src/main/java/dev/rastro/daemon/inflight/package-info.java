// SPDX-License-Identifier: Apache-2.0
/**
 * Where threads are stuck: the calls that they are inside of now, since when, what would let them
 * go on, and who could do that. Works out of {@code /proc} alone, and knows more of tasks that
 * somebody watches. Knows nothing of gRPC.
 */
package dev.rastro.daemon.inflight;
