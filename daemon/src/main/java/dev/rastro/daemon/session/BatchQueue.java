// SPDX-License-Identifier: Apache-2.0
package dev.rastro.daemon.session;

import dev.rastro.daemon.detail.Detail;
import dev.rastro.daemon.kernel.Run;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/**
 * The bounded queue of one session, with its books.
 *
 * <p>The drain thread calls {@link #append}, {@link #filter}, {@link #lose} and {@link #publish};
 * it takes the lock once for each batch or pass, never for a record. A stream calls {@link
 * #refine}, {@link #take} and {@link #delivered}. Neither ever waits for the other longer than a
 * batch takes to be copied.
 *
 * <p>When the bound is reached the oldest batch goes: who watches wants to know what happens now.
 * Its events become a {@link Gap} that stands before the oldest batch that is left. Who asked for
 * less of each event instead gets that first.
 *
 * <pre>
 *   raw: as the drain closed them ── refine ──► ready ── take ──►
 *   behind: lacks after all of raw              between: lacks after all of ready
 * </pre>
 *
 * A session without a refinement has no raw batches.
 */
final class BatchQueue {

  /**
   * Below this the drain and a stream could hold every batch between them. No other session can
   * take these; what is above comes out of the memory that all share.
   */
  static final int MIN_BATCHES = 4;

  /** Told, outside the lock and by the drain thread, that there is something to take. */
  interface Listener {
    /**
     * @param urgent a whole batch is there; else what is there may wait for company
     */
    void available(boolean urgent);
  }

  private final QueueMemory memory;
  private final Listener listener;
  private final Narrowing narrowing;
  private final boolean refined;
  private final int maxBatches;

  /** Owned by the drain thread; empty until there is something to put into it. */
  private Optional<Batch> open = Optional.empty();

  private long newlyObserved;
  private long newlyReduced;
  private Optional<Counts> newlyCounted = Optional.empty();

  private final Object lock = new Object();

  /** Guarded by the lock from here on. */
  private final ArrayDeque<Batch> raw = new ArrayDeque<>();

  private final ArrayDeque<Batch> ready = new ArrayDeque<>();
  private final ArrayDeque<Batch> free = new ArrayDeque<>();
  private final Lack behind = new Lack();
  private final Lack between = new Lack();
  private boolean abandoned;
  private int batches;
  private long nextSequence = 1;
  private long observed;
  private long delivered;
  private long queued;
  private long queuedBytes;
  private long reduced;
  private long counted;
  private final Map<FilterPart, Long> filtered = new EnumMap<>(FilterPart.class);
  private final Map<Loss, Long> lost = new EnumMap<>(Loss.class);

  /**
   * @param refined whether batches are passed over by {@link #refine} before they can be taken
   */
  BatchQueue(
      int boundBytes, QueueMemory memory, Narrowing narrowing, boolean refined, Listener listener) {
    this.memory = memory;
    this.maxBatches = Math.max(MIN_BATCHES, boundBytes / Batch.CAPACITY_BYTES);
    this.narrowing = narrowing;
    this.refined = refined;
    this.listener = listener;
  }

  // ---- the drain thread ----

  /** Takes copies of records. */
  void append(Run run) {
    int weight = Batch.weight(run.kind());
    int at = run.start();
    while (at < run.end()) {
      if (narrowing.isFull()) {
        Batch batch = open();
        int before = batch.events();
        at = batch.append(run, at, weight);
        newlyObserved += batch.events() - before;
        if (at < run.end()) {
          publish();
        }
      } else {
        appendLess(run.data(), run.record(at), run.length(at), weight);
        at = run.next(at);
      }
    }
  }

  private void appendLess(ByteBuffer source, int offset, int recordLength, int weight) {
    if (open.isPresent() && open.get().isFullFor(recordLength)) {
      publish();
    }
    newlyObserved += weight;
    if (narrowing.detail() == Detail.COUNTS) {
      if (weight > 0) {
        count(source, offset);
      }
    } else {
      narrowing.append(open(), source, offset, recordLength, weight);
      newlyReduced += narrowing.isOverloaded() ? weight : 0;
    }
  }

  private Batch open() {
    if (open.isEmpty()) {
      synchronized (lock) {
        open = Optional.of(abandoned ? memory.batch() : emptyBatch());
      }
      open.get().setDetail(narrowing.detail());
    }
    return open.get();
  }

  private void count(ByteBuffer source, int offset) {
    if (newlyCounted.isEmpty()) {
      newlyCounted = Optional.of(new Counts());
    }
    newlyCounted.get().add(source, offset);
  }

  /** Whether records bring more than was asked for. */
  void trim(boolean exceeds) {
    narrowing.trim(exceeds);
  }

  /** Any thread: the kernel took events away, which nobody will bring. */
  void filter(FilterPart part, long count) {
    synchronized (lock) {
      observed += count;
      filtered.merge(part, count, Long::sum);
    }
  }

  /**
   * Events that never came, or came without something that belongs to them. They are missing after
   * what was appended so far.
   */
  void lose(Gap gap) {
    publish();
    synchronized (lock) {
      if (gap.cause().takesEvents()) {
        observed += gap.count();
      }
      lost.merge(gap.cause(), gap.count(), Long::sum);
      behind.add(gap);
    }
    listener.available(false);
  }

  /** At the end of a pass: makes visible what was appended. */
  void publish() {
    if (open.isEmpty() && newlyObserved == 0 && !narrowing.isOverloaded()) {
      return;
    }
    boolean urgent;
    boolean first;
    synchronized (lock) {
      boolean idle = raw.isEmpty() && ready.isEmpty() && behind.isEmpty();
      enterNews();
      open.ifPresent(this::close);
      open = Optional.empty();
      if (abandoned) {
        evictQueued();
        return;
      }
      narrowing.adapt(raw.size() + ready.size(), maxBatches - 1, hasSpare());
      urgent = raw.size() + ready.size() > 1;
      first = idle && !(raw.isEmpty() && ready.isEmpty() && behind.isEmpty());
    }
    if (first || urgent) {
      listener.available(urgent);
    }
  }

  private void enterNews() {
    observed += newlyObserved;
    newlyObserved = 0;
    reduced += newlyReduced;
    newlyReduced = 0;
    if (newlyCounted.isPresent() && newlyCounted.get().total() > 0) {
      counted += newlyCounted.get().total();
      queued += newlyCounted.get().total();
      newlyCounted = behind.add(newlyCounted.get());
    }
  }

  private void close(Batch full) {
    queued += full.events();
    if (abandoned) {
      memory.spare(full);
      return;
    }
    ArrayDeque<Batch> incoming = refined ? raw : ready;
    queuedBytes += full.length();
    Batch last = incoming.peekLast();
    if (last != null && behind.isEmpty() && last.hasRoomFor(full)) {
      last.append(full);
      release(full);
    } else {
      full.before().append(behind);
      incoming.addLast(full);
    }
  }

  private Batch emptyBatch() {
    Batch spare = free.pollFirst();
    if (spare != null) {
      return spare;
    }
    if (batches < MIN_BATCHES || (batches < maxBatches && memory.tryTake())) {
      batches++;
      return memory.batch();
    }
    return dropOldest();
  }

  private boolean hasSpare() {
    return !free.isEmpty() || batches < MIN_BATCHES || (batches < maxBatches && memory.hasRoom());
  }

  private Batch dropOldest() {
    boolean fromReady = !ready.isEmpty();
    ArrayDeque<Batch> from = fromReady ? ready : raw;
    Batch oldest = from.removeFirst();
    queued -= oldest.events();
    queuedBytes -= oldest.length();
    lost.merge(Loss.QUEUE_FULL, (long) oldest.events(), Long::sum);
    // Halves of events alone are no loss: the events are told.
    if (oldest.events() > 0) {
      oldest
          .before()
          .add(new Gap(Loss.QUEUE_FULL, oldest.events(), oldest.firstNanos(), oldest.lastNanos()));
    }
    Lack next =
        !from.isEmpty() ? from.peekFirst().before() : fromReady && refined ? between : behind;
    next.prepend(oldest.before());
    oldest.clear();
    return oldest;
  }

  // ---- a stream ----

  /**
   * Passes over the oldest batch that waits for it; what is taken away leaves room to others.
   *
   * @return whether there may be another
   */
  boolean refine(Refinement refinement) {
    Batch batch;
    synchronized (lock) {
      batch = raw.pollFirst();
      if (batch == null) {
        return false;
      }
      queuedBytes -= batch.length();
    }
    refinement.refine(batch);
    synchronized (lock) {
      if (abandoned) {
        memory.spare(batch);
        return false;
      }
      refinement.forEachRemoved(
          (part, count) -> {
            queued -= count;
            filtered.merge(part, count, Long::sum);
          });
      between.append(batch.before());
      queuedBytes += batch.length();
      Batch last = ready.peekLast();
      if (batch.isEmpty()) {
        release(batch);
      } else if (last != null && between.isEmpty() && last.hasRoomFor(batch)) {
        last.append(batch);
        release(batch);
      } else {
        batch.before().append(between);
        ready.addLast(batch);
      }
      return !raw.isEmpty();
    }
  }

  /** The oldest lacks and batch; empty when there is neither. */
  Optional<Session.Delivery> take() {
    synchronized (lock) {
      Optional<Batch> oldest = Optional.ofNullable(ready.pollFirst());
      Lack lack =
          oldest.map(Batch::before).orElse(between.isEmpty() && raw.isEmpty() ? behind : between);
      if (oldest.isEmpty() && lack.isEmpty()) {
        return Optional.empty();
      }
      Session.Delivery delivery = new Session.Delivery(lack.gaps(), lack.counts(), oldest);
      lack.clear();
      for (Gap gap : delivery.gaps()) {
        nextSequence += gap.cause() == Loss.QUEUE_FULL ? gap.count() : 0;
      }
      nextSequence += delivery.counts().map(Counts::total).orElse(0L);
      if (oldest.isPresent()) {
        oldest.get().number(nextSequence);
        nextSequence += oldest.get().events();
        queuedBytes -= oldest.get().length();
      }
      return Optional.of(delivery);
    }
  }

  /** Gives back what was taken and has been sent; or has not been, when all is abandoned. */
  void delivered(Session.Delivery delivery) {
    synchronized (lock) {
      if (abandoned) {
        delivery.batch().ifPresent(memory::spare);
        return;
      }
      long events =
          delivery.counts().map(Counts::total).orElse(0L)
              + delivery.batch().map(Batch::events).orElse(0);
      delivered += events;
      queued -= events;
      delivery.batch().ifPresent(this::release);
    }
  }

  private void release(Batch batch) {
    if (batches > MIN_BATCHES) {
      batches--;
      memory.giveBack(1);
      memory.spare(batch);
    } else {
      batch.clear();
      free.addLast(batch);
    }
  }

  /** Nobody will take what is here, or comes yet. */
  void abandon() {
    synchronized (lock) {
      abandoned = true;
      evictQueued();
      giveBack(raw);
      giveBack(ready);
      giveBack(free);
      queuedBytes = 0;
      if (batches > MIN_BATCHES) {
        memory.giveBack(batches - MIN_BATCHES);
        batches = MIN_BATCHES;
      }
    }
  }

  private void giveBack(ArrayDeque<Batch> mine) {
    mine.forEach(memory::spare);
    mine.clear();
  }

  /** Events that were sent are lost all the same. */
  void evict(long events) {
    synchronized (lock) {
      delivered -= events;
      lost.merge(Loss.EVICTED, events, Long::sum);
    }
  }

  boolean hasOverflowed() {
    synchronized (lock) {
      return lost.containsKey(Loss.QUEUE_FULL);
    }
  }

  /** Nobody will take what waits, or is in a stream's hand. */
  private void evictQueued() {
    if (queued > 0) {
      lost.merge(Loss.EVICTED, queued, Long::sum);
      queued = 0;
    }
  }

  // ---- any thread ----

  boolean isEmpty() {
    synchronized (lock) {
      return raw.isEmpty() && ready.isEmpty() && behind.isEmpty() && between.isEmpty();
    }
  }

  Ledger ledger() {
    synchronized (lock) {
      return new Ledger(observed, delivered, filtered, queued, lost, reduced, counted);
    }
  }

  long queuedBytes() {
    synchronized (lock) {
      return queuedBytes;
    }
  }
}
