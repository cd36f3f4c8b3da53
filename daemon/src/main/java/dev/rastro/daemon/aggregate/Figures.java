// SPDX-License-Identifier: Apache-2.0
package dev.rastro.daemon.aggregate;

import dev.rastro.daemon.kernel.ControlLayout;
import dev.rastro.syscalls.table.Waits;
import java.util.EnumMap;
import java.util.Map;

/**
 * How a process fares, as its calls tell: the figures of a server's worker.
 *
 * @param failures calls that failed, but for those that are to be made again
 * @param accepted connections
 * @param idleWakeups accepting calls that found nothing, though their thread had taken nothing
 *     since it last polled
 * @param endsOfStream reads of nothing from a stream socket: the peer had closed it
 * @param resets calls that failed because the peer had gone
 * @param sendFailures other failures to send
 * @param waits calls that wait for something, and the time inside them, by what that is
 */
public record Figures(
    long failures,
    long accepted,
    long idleWakeups,
    long endsOfStream,
    long resets,
    long sendFailures,
    Map<Waits.Kind, Waited> waits) {

  public static final Figures NONE = new Figures(0, 0, 0, 0, 0, 0, Map.of());

  public Figures {
    waits = Map.copyOf(waits);
  }

  /** Calls that have returned, and how long all of them took. */
  public record Waited(long calls, long nanos) {
    Waited plus(long otherCalls, long otherNanos) {
      return new Waited(calls + otherCalls, nanos + otherNanos);
    }
  }

  /** Figures while they are being added up. */
  static final class Tally {
    private static final Waited NOTHING = new Waited(0, 0);

    private long failures;
    private long accepted;
    private long idleWakeups;
    private long endsOfStream;
    private long resets;
    private long sendFailures;
    private final Map<Waits.Kind, Waited> waits = new EnumMap<>(Waits.Kind.class);

    void addCalls(CallKinds kinds, int slot, long calls, long errors, long nanos) {
      kinds
          .kind(slot)
          .ifPresent(
              kind -> {
                waits.merge(
                    kind,
                    NOTHING.plus(calls, nanos),
                    (sum, one) -> sum.plus(one.calls(), one.nanos()));
                accepted += kind == Waits.Kind.ACCEPT ? calls - errors : 0;
              });
    }

    /**
     * @param errno or an outcome that has none
     */
    void addErrors(CallKinds kinds, int slot, int errno, long count) {
      switch (errno) {
        case ControlLayout.END_OF_STREAM -> endsOfStream += count;
        case ControlLayout.IDLE_WAKEUP -> idleWakeups += count;
        default -> {
          if (kinds.isFailure(errno)) {
            addFailures(kinds, slot, errno, count);
          }
        }
      }
    }

    private void addFailures(CallKinds kinds, int slot, int errno, long count) {
      failures += count;
      if (kinds.isByPeer(errno)) {
        resets += count;
      } else if (kinds.is(slot, Waits.Kind.OUTPUT)) {
        sendFailures += count;
      }
    }

    Figures figures() {
      return new Figures(
          failures, accepted, idleWakeups, endsOfStream, resets, sendFailures, waits);
    }
  }
}
