package dev.rastro.daemon.kernel;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import java.util.List;

/**
 * What the drain sleeps on: the rings, when the kernel was asked to wake for them, and a bell that
 * other threads ring. Edge-triggered: level-triggered epoll spins on a ring that is not yet empty.
 */
final class Doorbell implements AutoCloseable {
  private static final int EVENT_BYTES = 16;
  private static final int MAX_EVENTS = 2;
  private static final int DATA_OFFSET =
      // struct epoll_event is packed on x86_64 alone.
      System.getProperty("os.arch").equals("amd64") ? 4 : 8;

  private final Memory events = new Memory((long) EVENT_BYTES * MAX_EVENTS);
  private final Memory one = new Memory(Long.BYTES);
  private final int epoll;
  private final int bell;

  private Doorbell(int epoll, int bell) {
    this.epoll = epoll;
    this.bell = bell;
    one.setLong(0, 1);
  }

  static Doorbell open(List<Integer> ringFds) throws CaptureException {
    int epoll = checked("epoll_create1", Libc.epoll_create1(Libc.EPOLL_CLOEXEC));
    int bell = checked("eventfd", Libc.eventfd(0, Libc.EFD_CLOEXEC | Libc.EFD_NONBLOCK));
    Doorbell doorbell = new Doorbell(epoll, bell);
    for (int ring : ringFds) {
      doorbell.add(ring);
    }
    doorbell.add(bell);
    return doorbell;
  }

  /** Returns when the kernel or another thread rang, or the time is up. Drain thread only. */
  void await(int timeoutMillis) {
    // A signal or a spurious return only costs the caller one more look.
    int ready = Libc.epoll_wait(epoll, events, MAX_EVENTS, timeoutMillis);
    if (ready < 0 && Native.getLastError() != Libc.EINTR) {
      throw new IllegalStateException("epoll_wait: " + Libc.describe(Native.getLastError()));
    }
  }

  /** Any thread, until {@link #close}. */
  void ring() {
    Libc.write(bell, one, Long.BYTES);
  }

  @Override
  public void close() {
    Libc.close(bell);
    Libc.close(epoll);
  }

  private void add(int fd) throws CaptureException {
    events.setInt(0, Libc.EPOLLIN | Libc.EPOLLET);
    events.setInt(DATA_OFFSET, fd);
    checked("epoll_ctl", Libc.epoll_ctl(epoll, Libc.EPOLL_CTL_ADD, fd, events));
  }

  private static int checked(String operation, int result) throws CaptureException {
    if (result < 0) {
      throw new CaptureException(
          CaptureException.Reason.INTERNAL,
          operation + ": " + Libc.describe(Native.getLastError()),
          "");
    }
    return result;
  }
}
