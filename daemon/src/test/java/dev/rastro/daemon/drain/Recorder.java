package dev.rastro.daemon.drain;

import dev.rastro.daemon.Patience;
import dev.rastro.daemon.kernel.KernelFilter;
import dev.rastro.daemon.kernel.LossCause;
import dev.rastro.daemon.kernel.Run;
import dev.rastro.syscalls.record.RecordLayout;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.LongPredicate;

/** Keeps kind and number of every record, and waits with a deadline. */
final class Recorder implements Subscriber {
  private final List<long[]> records = new ArrayList<>();
  private final Set<Integer> processes = new HashSet<>();
  private final long[] lost = new long[LossCause.values().length];
  private final List<RingLoss> ringLosses = new ArrayList<>();
  private final long[] filtered = new long[KernelFilter.values().length];
  private final List<Integer> withheld = new ArrayList<>();
  private final Run.Visitor onCall;
  private boolean targetEnded;

  /** Told after so many records. */
  record RingLoss(int records, long fromNanos, long toNanos) {}

  Recorder() {
    this((data, offset, length) -> {});
  }

  /** With a look at each call on the way. */
  Recorder(Run.Visitor onCall) {
    this.onCall = onCall;
  }

  @Override
  public synchronized void onRecords(Run run) {
    run.forEach(
        (data, offset, length) -> {
          int nr = data.getInt(offset + RecordLayout.HEAD_NR_OFFSET);
          long nanos = data.getLong(offset + RecordLayout.HEAD_TIME_OFFSET);
          records.add(new long[] {run.kind(), nr, nanos});
          if (run.kind() == RecordLayout.CALL) {
            processes.add(data.getInt(offset + RecordLayout.HEAD_TGID_OFFSET));
            onCall.record(data, offset, length);
          }
        });
    notifyAll();
  }

  @Override
  public synchronized void onLoss(LossCause cause, long count, long fromNanos, long toNanos) {
    lost[cause.code()] += count;
    if (cause == LossCause.RING) {
      ringLosses.add(new RingLoss(records.size(), fromNanos, toNanos));
    }
  }

  synchronized List<RingLoss> ringLosses() {
    return List.copyOf(ringLosses);
  }

  /** How many records of a part were emitted at such a time. */
  synchronized long emitted(int fromIndex, int toIndex, LongPredicate nanos) {
    return records.subList(fromIndex, toIndex).stream()
        .filter(record -> nanos.test(record[2]))
        .count();
  }

  @Override
  public synchronized void onFiltered(KernelFilter filter, long count) {
    filtered[filter.code()] += count;
  }

  @Override
  public synchronized void onWithheld(int tgid, long nanos) {
    withheld.add(tgid);
    notifyAll();
  }

  synchronized void awaitWithheld() throws InterruptedException {
    await(() -> !withheld.isEmpty(), "nothing was withheld");
  }

  synchronized List<Integer> withheld() {
    return List.copyOf(withheld);
  }

  @Override
  public void onTick(long nowNanos) {}

  @Override
  public synchronized void onTargetEnded() {
    targetEnded = true;
    notifyAll();
  }

  @Override
  public void onClosed(Books books) {}

  synchronized void awaitTargetEnded() throws InterruptedException {
    await(() -> targetEnded, "the target's end was not told");
  }

  /** Or until it is told that the kernel skipped as many runs as records are missing. */
  synchronized void awaitRecords(int count) throws InterruptedException {
    await(() -> records.size() + lost[LossCause.MISSED_RUN.code()] >= count, "too few records");
  }

  synchronized void awaitRecord(int kind, int number, int times) throws InterruptedException {
    await(() -> count(kind, number) >= times, "too few records of number " + number);
  }

  synchronized void awaitProcess(int pid) throws InterruptedException {
    await(() -> processes.contains(pid), "no record of process " + pid);
  }

  synchronized long records() {
    return records.size();
  }

  synchronized long count(int kind) {
    return records.stream().filter(r -> r[0] == kind).count();
  }

  synchronized long count(int kind, int number) {
    return records.stream().filter(r -> r[0] == kind && r[1] == number).count();
  }

  synchronized int lastKind() {
    return (int) records.get(records.size() - 1)[0];
  }

  synchronized Set<Integer> processes() {
    return Set.copyOf(processes);
  }

  synchronized long filtered(KernelFilter filter) {
    return filtered[filter.code()];
  }

  synchronized long lost(LossCause cause) {
    return lost[cause.code()];
  }

  private void await(java.util.function.BooleanSupplier condition, String complaint)
      throws InterruptedException {
    long deadline = System.nanoTime() + Patience.LIMIT.toNanos();
    while (!condition.getAsBoolean()) {
      long leftMillis = (deadline - System.nanoTime()) / 1_000_000;
      if (leftMillis <= 0) {
        throw new AssertionError(complaint + "; " + records.size() + " records");
      }
      wait(leftMillis);
    }
  }
}
