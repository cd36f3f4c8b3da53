package dev.rastro.daemon.rpc;

import com.google.protobuf.MessageLite;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The messages that a stream has sent last, for a client that comes back. A place in the stream is
 * a count of events, delivered or told as lost: a message leads from one place to another. Bounded
 * for each stream, and for all together: then the oldest go. One thread at a time.
 */
final class SentHistory<T> {
  /** A decoded message takes so much more memory than its bytes on the wire. */
  private static final int OBJECTS_FACTOR = 8;

  private record Sent<T>(long from, long to, T message, long bytes) {}

  private final long capacityBytes;
  private final long totalBytes;
  private final AtomicLong held;
  private final Deque<Sent<T>> sent = new ArrayDeque<>();
  private long bytes;
  private long place;

  /**
   * @param capacityBytes 0 for a stream that nobody resumes
   * @param held bytes that the histories of all streams hold
   * @param totalBytes bound of that
   */
  SentHistory(long capacityBytes, AtomicLong held, long totalBytes) {
    this.capacityBytes = capacityBytes;
    this.held = held;
    this.totalBytes = totalBytes;
  }

  /** Where the stream is: behind all that was sent. */
  long place() {
    return place;
  }

  /**
   * A message that leads so many events on.
   *
   * @param packed its bytes are what it takes; else it is made of objects
   */
  void add(T message, long events, boolean packed) {
    long from = place;
    place += events;
    if (capacityBytes == 0 || !(message instanceof MessageLite sized)) {
      return;
    }
    long size = (long) sized.getSerializedSize() * (packed ? 1 : OBJECTS_FACTOR);
    sent.addLast(new Sent<>(from, place, message, size));
    bytes += size;
    held.addAndGet(size);
    while (!sent.isEmpty() && (bytes > capacityBytes || held.get() > totalBytes)) {
      remove();
    }
  }

  /** Events on, of which nothing was sent. */
  void skip(long events) {
    place += events;
  }

  /** From where on everything is held. */
  long firstHeld() {
    return sent.isEmpty() ? place : sent.peekFirst().from();
  }

  /** The messages behind a place. */
  Deque<T> after(long cursor) {
    Deque<T> messages = new ArrayDeque<>();
    for (Sent<T> entry : sent) {
      if (entry.to() > cursor) {
        messages.addLast(entry.message());
      }
    }
    return messages;
  }

  void clear() {
    while (!sent.isEmpty()) {
      remove();
    }
  }

  private void remove() {
    Sent<T> oldest = sent.removeFirst();
    bytes -= oldest.bytes();
    held.addAndGet(-oldest.bytes());
  }
}
