// SPDX-License-Identifier: Apache-2.0
package dev.rastro.daemon.inflight;

import dev.rastro.daemon.host.Descriptors.Descriptor;
import dev.rastro.syscalls.table.Waits;
import java.util.List;
import java.util.Optional;

/**
 * What a thread waits for.
 *
 * @param kind empty when the call is not known to wait for anything
 * @param timed the call ends by itself at some time
 * @param descriptors those that it waits on
 * @param releasers who can let it go on, as far as is known
 * @param closed nobody but the releasers can, short of a signal
 * @param object continues "waits in CALL"; empty when there is no more to tell
 */
public record Waiting(
    Optional<Waits.Kind> kind,
    boolean timed,
    List<Descriptor> descriptors,
    Optional<FutexWord> futex,
    List<Releaser> releasers,
    boolean closed,
    String object) {
  public Waiting {
    descriptors = List.copyOf(descriptors);
    releasers = List.copyOf(releasers);
  }

  /** Nothing can be told. */
  static Waiting unknown() {
    return new Waiting(Optional.empty(), false, List.of(), Optional.empty(), List.of(), false, "");
  }
}
