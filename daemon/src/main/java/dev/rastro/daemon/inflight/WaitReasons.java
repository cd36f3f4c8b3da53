// SPDX-License-Identifier: Apache-2.0
package dev.rastro.daemon.inflight;

import dev.rastro.daemon.host.Descriptors.Descriptor;
import dev.rastro.daemon.host.Descriptors.Holder;
import dev.rastro.daemon.host.ProcessMemory;
import dev.rastro.daemon.kernel.ProcFs;
import dev.rastro.daemon.kernel.SleepingCall;
import dev.rastro.syscalls.table.Waits;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Finds out what sleeping threads wait for. Works in two steps, so that who holds the other ends is
 * looked for once for all: {@link #targets} of each, then {@link #of} each. One thread.
 */
final class WaitReasons {
  /** Descriptors of one poll, select or epoll that are looked at. */
  static final int MAX_POLLED = 64;

  /** What a sentence names one by one. */
  private static final int NAMED = 4;

  private static final int FUTEX_EXPECTED = 2;
  private static final int POLLFD_BYTES = 8;

  /** Of one set of select(2). */
  private static final int MAX_SET_BITS = 1024;

  private static final int SETS = 3;
  private static final int WAITID_PID = 1;
  private static final int WAITID_PIDFD = 3;

  private final Look look;

  WaitReasons(Look look) {
    this.look = look;
  }

  /** The files whose holders matter for a wait. */
  Set<String> targets(SleepingCall call, Optional<Waits.Wait> wait) {
    Set<String> targets = new HashSet<>();
    if (wait.filter(known -> isStream(known.kind())).isPresent()) {
      descriptor(call, wait.orElseThrow())
          .ifPresent(
              end -> {
                if (end.pipe()) {
                  targets.add(end.target());
                } else {
                  look.peerTarget(end).ifPresent(targets::add);
                }
              });
    }
    return targets;
  }

  Waiting of(SleepingCall call, Optional<Waits.Wait> known) {
    if (known.isEmpty()) {
      return Waiting.unknown();
    }
    Waits.Wait wait = known.get();
    boolean timed = wait.isTimed(call.arguments());
    return switch (wait.kind()) {
      case INPUT, OUTPUT -> stream(call, wait, timed);
      case FUTEX -> futex(call, wait, timed);
      case CHILD, CHILD_BY -> child(call, wait);
      case FILE_LOCK -> fileLock(call, wait);
      case DESCRIPTORS, SETS, EPOLL -> polled(wait, timed, polledDescriptors(call, wait));
      case CONNECT -> onDescriptor(call, wait, timed, " to ");
      case SIGNAL -> plain(wait, timed, " for a signal");
      case DISK -> onDescriptor(call, wait, timed, " for the disk, on ");
      case LOCK, MESSAGE, SLEEP, COMPLETION, OPEN, ACCEPT ->
          onDescriptor(call, wait, timed, " on ");
    };
  }

  private static boolean isStream(Waits.Kind kind) {
    return kind == Waits.Kind.INPUT || kind == Waits.Kind.OUTPUT;
  }

  private Optional<Descriptor> descriptor(SleepingCall call, Waits.Wait wait) {
    return wait.object() == Waits.NO_ARGUMENT
        ? Optional.empty()
        : look.descriptors.find(call.tgid(), call.arguments().get(wait.object()).intValue());
  }

  private static Waiting plain(Waits.Wait wait, boolean timed, String object) {
    return new Waiting(
        Optional.of(wait.kind()), timed, List.of(), Optional.empty(), List.of(), false, object);
  }

  private Waiting onDescriptor(SleepingCall call, Waits.Wait wait, boolean timed, String join) {
    return descriptor(call, wait)
        .map(end -> on(wait, timed, end, List.of(), false, join + end.peerText()))
        .orElseGet(() -> plain(wait, timed, ""));
  }

  private static Waiting on(
      Waits.Wait wait,
      boolean timed,
      Descriptor end,
      List<Releaser> releasers,
      boolean closed,
      String object) {
    return new Waiting(
        Optional.of(wait.kind()), timed, List.of(end), Optional.empty(), releasers, closed, object);
  }

  // ---- data ----

  private Waiting stream(SleepingCall call, Waits.Wait wait, boolean timed) {
    Optional<Descriptor> found = descriptor(call, wait);
    if (found.isEmpty()) {
      return plain(wait, timed, "");
    }
    Descriptor end = found.get();
    String object = " on " + end.peerText();
    boolean input = wait.kind() == Waits.Kind.INPUT;
    if (end.pipe()) {
      List<Releaser> others = ends(end.target(), input ? Holder::writes : Holder::reads, input);
      return on(wait, timed, end, others, true, object + others(others));
    }
    Optional<String> peer = look.peerTarget(end);
    if (peer.isEmpty()) {
      return on(wait, timed, end, List.of(), false, object);
    }
    List<Releaser> others = ends(peer.get(), holder -> true, input);
    return on(wait, timed, end, others, true, object + others(others));
  }

  private List<Releaser> ends(String target, Predicate<Holder> wanted, boolean input) {
    return look.holdersOf(target).stream()
        .filter(wanted)
        .map(
            holder ->
                new Releaser(
                    holder.pid(),
                    Releaser.ANY_THREAD,
                    look.name(holder.pid()),
                    "%s the other end, descriptor %d"
                        .formatted(input ? "writes" : "reads", holder.number())))
        .toList();
  }

  private static String others(List<Releaser> others) {
    return others.isEmpty() ? "; nobody holds the other end" : "; the other end: " + names(others);
  }

  private static String names(List<Releaser> releasers) {
    List<String> names = releasers.stream().map(Releaser::text).distinct().toList();
    String shown = names.stream().limit(NAMED).collect(Collectors.joining(", "));
    return names.size() > NAMED ? shown + " and %d more".formatted(names.size() - NAMED) : shown;
  }

  // ---- locks ----

  private static Waiting futex(SleepingCall call, Waits.Wait wait, boolean timed) {
    try (ProcessMemory memory = ProcessMemory.of(call.tgid())) {
      long address = call.arguments().get(0);
      int expected = call.arguments().get(FUTEX_EXPECTED).intValue();
      FutexWord word = new FutexWord(address, memory.word(address), expected);
      Optional<FutexOwner.Owner> owner = FutexOwner.of(call, word, memory);
      List<Releaser> releasers =
          owner.stream()
              .map(
                  one ->
                      new Releaser(
                          call.tgid(), one.tid(), comm(call.tgid(), one.tid()), one.role()))
              .toList();
      String object =
          releasers.isEmpty()
              ? " on the word at 0x%x, which is %d".formatted(address, word.value())
              : " for thread " + releasers.get(0).text() + ", which " + releasers.get(0).role();
      return new Waiting(
          Optional.of(wait.kind()),
          timed,
          List.of(),
          Optional.of(word),
          releasers,
          !releasers.isEmpty(),
          object);
    }
  }

  static String comm(int pid, int tid) {
    return ProcFs.comm(pid, tid).orElse("?");
  }

  private Waiting fileLock(SleepingCall call, Waits.Wait wait) {
    List<Releaser> holders =
        look.lockHolders(call.tgid()).stream()
            .map(
                pid ->
                    new Releaser(pid, Releaser.ANY_THREAD, look.name(pid), "holds the file lock"))
            .toList();
    String by = holders.isEmpty() ? "" : "; locked by " + names(holders);
    return descriptor(call, wait)
        .map(end -> on(wait, false, end, holders, !holders.isEmpty(), " on " + end.text() + by))
        .orElseGet(() -> plain(wait, false, ""));
  }

  // ---- children ----

  private Waiting child(SleepingCall call, Waits.Wait wait) {
    int one = childOf(call, wait);
    List<Releaser> children =
        look.children(call.tgid()).stream()
            .filter(child -> one <= 0 || child.key().pid() == one)
            .map(
                child ->
                    new Releaser(
                        child.key().pid(), Releaser.ANY_THREAD, child.comm(), "is the child"))
            .toList();
    String object;
    if (children.isEmpty()) {
      object = " for a child, of which none is left";
    } else if (children.size() == 1) {
      object = " for child " + children.get(0).text();
    } else {
      object = " for any of %d children: %s".formatted(children.size(), names(children));
    }
    return new Waiting(
        Optional.of(wait.kind()),
        false,
        List.of(),
        Optional.empty(),
        children,
        !children.isEmpty(),
        object);
  }

  /** Not above 0 when any will do. */
  private int childOf(SleepingCall call, Waits.Wait wait) {
    if (wait.object() == Waits.NO_ARGUMENT) {
      return 0;
    }
    int id = call.arguments().get(wait.object()).intValue();
    if (wait.kind() == Waits.Kind.CHILD) {
      return id;
    }
    return switch (call.arguments().get(wait.object() - 1).intValue()) {
      case WAITID_PID -> id;
      case WAITID_PIDFD -> look.descriptors.processOf(call.tgid(), id).orElse(0);
      default -> 0;
    };
  }

  // ---- several descriptors ----

  private static Waiting polled(Waits.Wait wait, boolean timed, List<Descriptor> polled) {
    String shown =
        polled.stream()
            .limit(NAMED)
            .map(one -> one.number() + " (" + one.text() + ")")
            .collect(Collectors.joining(", "));
    String more = polled.size() > NAMED ? " and %d more".formatted(polled.size() - NAMED) : "";
    String object =
        switch (polled.size()) {
          case 0 -> "";
          case 1 -> " on descriptor " + shown;
          default -> " on any of %d descriptors: %s%s".formatted(polled.size(), shown, more);
        };
    return new Waiting(
        Optional.of(wait.kind()), timed, polled, Optional.empty(), List.of(), false, object);
  }

  private List<Descriptor> polledDescriptors(SleepingCall call, Waits.Wait wait) {
    int pid = call.tgid();
    List<Integer> numbers =
        switch (wait.kind()) {
          case EPOLL ->
              look.descriptors.watchedBy(pid, call.arguments().get(wait.object()).intValue());
          case SETS -> inSets(call);
          default -> inPollArray(call);
        };
    return numbers.stream()
        .limit(MAX_POLLED)
        .map(number -> look.descriptors.find(pid, number))
        .flatMap(Optional::stream)
        .toList();
  }

  private static List<Integer> inPollArray(SleepingCall call) {
    long count = Math.max(0, Math.min(MAX_POLLED, call.arguments().get(1)));
    ByteBuffer array = memory(call, call.arguments().get(0), (int) count * POLLFD_BYTES);
    List<Integer> numbers = new ArrayList<>();
    while (array.remaining() >= POLLFD_BYTES) {
      numbers.add(array.getInt(array.position()));
      array.position(array.position() + POLLFD_BYTES);
    }
    return numbers.stream().filter(number -> number >= 0).distinct().toList();
  }

  /** In any of the three sets of select(2). */
  private static List<Integer> inSets(SleepingCall call) {
    int bits = Math.max(0, Math.min(MAX_SET_BITS, call.arguments().get(0).intValue()));
    Set<Integer> numbers = new TreeSet<>();
    for (int set = 1; set <= SETS; set++) {
      long address = call.arguments().get(set);
      if (address == 0) {
        continue;
      }
      ByteBuffer bytes = memory(call, address, (bits + 63) / 64 * 8);
      for (int bit = 0; bit < Math.min(bits, bytes.remaining() * 8); bit++) {
        if ((bytes.get(bit / 8) >> bit % 8 & 1) != 0) {
          numbers.add(bit);
        }
      }
    }
    return List.copyOf(numbers);
  }

  private static ByteBuffer memory(SleepingCall call, long address, int bytes) {
    ByteBuffer into = ByteBuffer.allocate(bytes).order(ByteOrder.nativeOrder());
    try (ProcessMemory memory = ProcessMemory.of(call.tgid())) {
      memory.read(address, into);
    }
    return into.flip();
  }
}
