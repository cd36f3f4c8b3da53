package dev.rastro.daemon.session;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The bounded queue of one session, with its books.
 *
 * <p>The drain thread calls {@link #append}, {@link #filter}, {@link #lose} and {@link #publish};
 * it takes the lock once for each batch or pass, never for a record. A stream calls {@link #take}
 * and {@link #delivered}. Neither ever waits for the other longer than a batch takes to be copied.
 *
 * <p>When the bound is reached the oldest batch goes: who watches wants to know what happens now.
 * Its events become a {@link Gap} that stands before the oldest batch that is left.
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

  /** Owned by the drain thread. */
  private Batch open = new Batch();

  private long nextSequence = 1;
  private long newlyObserved;

  private final Object lock = new Object();

  /** Guarded by the lock from here on. */
  private final ArrayDeque<Batch> closed = new ArrayDeque<>();

  private final ArrayDeque<Batch> free = new ArrayDeque<>();
  private final List<Gap> gapsBehind = new ArrayList<>(Loss.COUNT);
  private int maxBatches;
  private boolean abandoned;
  private int batches = 1;
  private long observed;
  private long delivered;
  private long queued;
  private long queuedBytes;
  private final Map<FilterPart, Long> filtered = new EnumMap<>(FilterPart.class);
  private final Map<Loss, Long> lost = new EnumMap<>(Loss.class);

  BatchQueue(int boundBytes, QueueMemory memory, Listener listener) {
    this.memory = memory;
    this.maxBatches = Math.max(MIN_BATCHES, boundBytes / Batch.CAPACITY_BYTES);
    this.listener = listener;
  }

  /**
   * Drain thread: takes a copy of a record.
   *
   * @param weight 1; 0 for the first half of an event, whose second half follows
   */
  void append(ByteBuffer source, int offset, int recordLength, int weight, long nanos) {
    if (open.isFullFor(recordLength)) {
      publish();
    }
    open.append(source, offset, recordLength, weight, nextSequence, nanos);
    nextSequence += weight;
    newlyObserved += weight;
  }

  /** Any thread: the kernel took events away, which nobody will bring. */
  void filter(FilterPart part, long count) {
    synchronized (lock) {
      observed += count;
      filtered.merge(part, count, Long::sum);
    }
  }

  /**
   * Drain thread: events that never came, or came without something that belongs to them. They are
   * missing after what was appended so far.
   */
  void lose(Gap gap) {
    publish();
    synchronized (lock) {
      if (gap.cause().takesEvents()) {
        observed += gap.count();
      }
      lost.merge(gap.cause(), gap.count(), Long::sum);
      merge(gapsBehind, gap);
    }
    listener.available(false);
  }

  /** Drain thread, at the end of a pass: makes visible what was appended. */
  void publish() {
    if (open.isEmpty() && newlyObserved == 0) {
      return;
    }
    boolean urgent;
    boolean first;
    synchronized (lock) {
      observed += newlyObserved;
      newlyObserved = 0;
      if (open.isEmpty()) {
        return;
      }
      first = closed.isEmpty();
      if (abandoned) {
        queued += open.events();
        evictQueued();
        open.clear();
        return;
      }
      queued += open.events();
      queuedBytes += open.length();
      Batch last = closed.peekLast();
      if (last != null && gapsBehind.isEmpty() && last.hasRoomFor(open)) {
        last.append(open);
        open.clear();
      } else {
        open.gapsBefore().addAll(gapsBehind);
        gapsBehind.clear();
        closed.addLast(open);
        open = emptyBatch();
      }
      urgent = closed.size() > 1;
    }
    if (first || urgent) {
      listener.available(urgent);
    }
  }

  /** A stream: the oldest gaps and batch; empty when there is neither. */
  Optional<Session.Delivery> take() {
    synchronized (lock) {
      Batch oldest = closed.pollFirst();
      if (oldest != null) {
        List<Gap> gaps = List.copyOf(oldest.gapsBefore());
        queuedBytes -= oldest.length();
        return Optional.of(new Session.Delivery(gaps, Optional.of(oldest)));
      }
      if (gapsBehind.isEmpty()) {
        return Optional.empty();
      }
      List<Gap> gaps = List.copyOf(gapsBehind);
      gapsBehind.clear();
      return Optional.of(new Session.Delivery(gaps, Optional.empty()));
    }
  }

  /** A stream: gives back a batch that it has sent. */
  void delivered(Batch batch) {
    synchronized (lock) {
      if (abandoned) {
        return;
      }
      delivered += batch.events();
      queued -= batch.events();
      if (batches > MIN_BATCHES) {
        batches--;
        memory.giveBack(1);
      } else {
        batch.clear();
        free.addLast(batch);
      }
    }
  }

  /** A stream: nobody will take what is here, or comes yet. */
  void abandon() {
    synchronized (lock) {
      abandoned = true;
      evictQueued();
      maxBatches = MIN_BATCHES;
      closed.clear();
      free.clear();
      queuedBytes = 0;
      if (batches > MIN_BATCHES) {
        memory.giveBack(batches - MIN_BATCHES);
      }
      // Those that a stream still holds are garbage by the time that so many are made again.
      batches = 1;
    }
  }

  /** A stream: events that it had sent are lost all the same. */
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

  boolean isEmpty() {
    synchronized (lock) {
      return closed.isEmpty() && gapsBehind.isEmpty();
    }
  }

  Ledger ledger() {
    synchronized (lock) {
      return new Ledger(observed, delivered, filtered, queued, lost);
    }
  }

  long queuedBytes() {
    synchronized (lock) {
      return queuedBytes;
    }
  }

  private Batch emptyBatch() {
    Batch spare = free.pollFirst();
    if (spare != null) {
      return spare;
    }
    if (batches < MIN_BATCHES || (batches < maxBatches && memory.tryTake())) {
      batches++;
      return new Batch();
    }
    return dropOldest();
  }

  private Batch dropOldest() {
    Batch oldest = closed.removeFirst();
    queued -= oldest.events();
    queuedBytes -= oldest.length();
    lost.merge(Loss.QUEUE_FULL, (long) oldest.events(), Long::sum);
    List<Gap> gaps = new ArrayList<>(oldest.gapsBefore());
    // Halves of events alone are no loss: the events are told.
    if (oldest.events() > 0) {
      merge(
          gaps, new Gap(Loss.QUEUE_FULL, oldest.events(), oldest.firstNanos(), oldest.lastNanos()));
    }
    List<Gap> next = closed.isEmpty() ? gapsBehind : closed.peekFirst().gapsBefore();
    for (Gap later : next) {
      merge(gaps, later);
    }
    next.clear();
    next.addAll(gaps);
    oldest.clear();
    return oldest;
  }

  private static void merge(List<Gap> gaps, Gap later) {
    for (int i = 0; i < gaps.size(); i++) {
      if (gaps.get(i).cause() == later.cause()) {
        gaps.set(i, gaps.get(i).and(later));
        return;
      }
    }
    gaps.add(later);
  }
}
