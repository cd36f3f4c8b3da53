// SPDX-License-Identifier: Apache-2.0
package dev.rastro.daemon.inflight;

import dev.rastro.daemon.kernel.ProcessKey;
import dev.rastro.daemon.kernel.SleepingCall;
import java.nio.ByteBuffer;

/**
 * A thread that sleeps inside a call.
 *
 * @param comm the thread's name
 * @param record the call and what its arguments point to, of kind CALL_BLOCKED
 * @param sentence what it does, in plain words
 */
public record InFlight(
    ProcessKey process,
    String comm,
    SleepingCall call,
    Age age,
    ByteBuffer record,
    Waiting waiting,
    String sentence) {

  /** The sentence without what it waits for. */
  public String plainSentence(String callName) {
    return Sentence.plain(callName, age);
  }
}
