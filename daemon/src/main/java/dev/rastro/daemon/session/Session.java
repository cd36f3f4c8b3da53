package dev.rastro.daemon.session;

import dev.rastro.daemon.aggregate.Query;
import dev.rastro.daemon.aggregate.Snapshot;
import dev.rastro.daemon.aggregate.Window;
import dev.rastro.daemon.drain.Books;
import dev.rastro.daemon.drain.Choice;
import dev.rastro.daemon.drain.Drain;
import dev.rastro.daemon.drain.Subscriber;
import dev.rastro.daemon.kernel.KernelFilter;
import dev.rastro.daemon.kernel.LossCause;
import dev.rastro.daemon.kernel.ProcessKey;
import dev.rastro.daemon.kernel.Run;
import dev.rastro.syscalls.record.RecordLayout;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * One who watches: a bit in the kernel, a queue, and the books of both.
 *
 * <p>The {@link Subscriber} side runs on the drain thread. All else may be called from any thread
 * and does not block; {@link #refine}, {@link #take} and {@link #delivered} from one thread at a
 * time.
 */
public final class Session {

  /** What a stream is told, on the drain thread; it must only note it and return. */
  public interface Watcher {
    /**
     * @param urgent a whole batch is there; else what is there may wait {@link
     *     SessionLimits#BATCH_NANOS} for company
     */
    void available(boolean urgent);

    /** Every process of the target has ended, and all its records are in the queue. */
    void targetEnded();

    /** The drain is done with this session: nothing more comes into the queue. */
    void closed();
  }

  /** What a stream sends next: first the gaps, then what was only counted, then the batch. */
  public record Delivery(List<Gap> gaps, Optional<Counts> counts, Optional<Batch> batch) {}

  private final String id;
  private final Order order;
  private final long openedNanos = System.nanoTime();
  private final BatchQueue queue;
  private final Optional<Refinement> refinement;
  private final Watcher watcher;
  private final CompletableFuture<Drain.Session> drain = new CompletableFuture<>();
  private final AtomicBoolean ending = new AtomicBoolean();
  private final CompletableFuture<Snapshot> lastSums = new CompletableFuture<>();

  /** What the names in the target stood for when they were last looked up. */
  private Choice choice;

  /**
   * @param refinement empty when records leave as they come
   */
  Session(
      String id,
      Order order,
      QueueMemory memory,
      Narrowing narrowing,
      Optional<Refinement> refinement,
      Watcher watcher) {
    this.id = id;
    this.order = order;
    this.watcher = watcher;
    this.choice = order.wish().target().choice();
    this.refinement = refinement;
    this.queue =
        new BatchQueue(
            order.terms().queueBytes(),
            memory,
            narrowing,
            refinement.isPresent(),
            watcher::available);
  }

  public String id() {
    return id;
  }

  public Order order() {
    return order;
  }

  public long ageNanos() {
    return System.nanoTime() - openedNanos;
  }

  /** The target's processes when the session was opened. */
  public List<ProcessKey> processes() {
    return drain.join().processes();
  }

  /** Its bit in the kernel's masks. */
  public int bit() {
    return drain.join().bit();
  }

  public CompletableFuture<Snapshot> summary(Query query, Window window) {
    return drain.thenCompose(session -> session.summary(query, window));
  }

  /** Whether there are rules about what nobody may see. */
  public boolean hidesSecrets() {
    return refinement.map(Refinement::hidesSecrets).orElse(false);
  }

  public Ledger ledger() {
    return queue.ledger();
  }

  public long queuedBytes() {
    return queue.queuedBytes();
  }

  /**
   * Takes out of one more batch what must not be seen or is not wanted. Can be done while the
   * client does not read, and leaves room to others then.
   *
   * @return whether there may be another
   */
  public boolean refine() {
    return refinement.isPresent() && queue.refine(refinement.get());
  }

  /** The oldest that waits and was refined; empty when nothing is. */
  public Optional<Delivery> take() {
    return queue.take();
  }

  /** Gives back what was taken, once it is sent or the session is abandoned. */
  public void delivered(Delivery delivery) {
    queue.delivered(delivery);
  }

  /** Whether the queue has ever dropped a batch. */
  public boolean hasOverflowed() {
    return queue.hasOverflowed();
  }

  /** Events that were sent to a connection that broke, and cannot be sent again. */
  public void evicted(long events) {
    queue.evict(events);
  }

  /** Its stream has ended: what is in the queue, or comes yet, is for nobody. */
  public void abandon() {
    queue.abandon();
  }

  void opened(Drain.Session session) {
    drain.complete(session);
  }

  /**
   * Looks whether the names in its target still stand for the same. Reads files; never for one
   * session on two threads at once.
   */
  void refreshNames() {
    if (order.names().isEmpty()) {
      return;
    }
    try {
      Choice now = order.names().get().resolve();
      if (!now.equals(choice)) {
        choice = now;
        var unused = drain.thenCompose(session -> session.rechoose(now));
      }
    } catch (BadFilter gone) {
      // A file or cgroup is away for the moment: what it stood for is all there is.
    }
  }

  CompletableFuture<Books> close() {
    return drain.thenCompose(Drain.Session::close);
  }

  /** True once, for who ends it. */
  boolean beginEnding() {
    return ending.compareAndSet(false, true);
  }

  boolean isEnding() {
    return ending.get();
  }

  /** All that it counted; completed when it ends. */
  CompletableFuture<Snapshot> lastSums() {
    return lastSums;
  }

  Subscriber subscriber() {
    return new FromDrain();
  }

  /** The drain's end of the session. */
  private final class FromDrain implements Subscriber {

    @Override
    public void onRecords(Run run) {
      if (isWanted(run.kind())) {
        queue.append(run);
      }
    }

    private boolean isWanted(int kind) {
      return switch (kind) {
        case RecordLayout.FORK, RecordLayout.EXEC, RecordLayout.EXIT -> order.wish().lifecycle();
        default -> order.form() != Order.Form.COUNT;
      };
    }

    @Override
    public void onExcess(boolean exceeds) {
      queue.trim(exceeds);
    }

    @Override
    public void onLoss(LossCause cause, long count, long fromNanos, long toNanos) {
      Loss.of(cause).ifPresent(loss -> queue.lose(new Gap(loss, count, fromNanos, toNanos)));
    }

    @Override
    public void onWithheld(int tgid, long nanos) {
      queue.lose(new Gap(Loss.WITHHELD, 1, nanos, nanos));
    }

    @Override
    public void onFiltered(KernelFilter filter, long count) {
      queue.filter(FilterPart.of(filter), count);
    }

    @Override
    public void onTick(long nowNanos) {
      queue.publish();
    }

    @Override
    public void onTargetEnded() {
      queue.publish();
      watcher.targetEnded();
    }

    @Override
    public void onClosed(Books books) {
      queue.publish();
      watcher.closed();
    }
  }
}
