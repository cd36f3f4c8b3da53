package dev.rastro.daemon.kernel;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The service manager that started this process and wants to know how it is: datagrams to the
 * socket NOTIFY_SOCKET, as sd_notify(3) describes them. Where nobody asked, nothing is sent. Any
 * thread; nothing blocks.
 */
public final class Supervisor implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Supervisor.class);

  private static final int NOBODY = -1;

  /** struct sockaddr_un: a family and 108 bytes of path. */
  private static final int ADDRESS_BYTES = 110;

  private static final byte[] ALIVE = bytes("WATCHDOG=1");

  private final int fd;
  private final Memory address = new Memory(ADDRESS_BYTES);
  private final int addressBytes;
  private final long watchdogNanos;

  private Supervisor(int fd, byte[] path, long watchdogNanos) {
    this.fd = fd;
    this.watchdogNanos = watchdogNanos;
    address.clear();
    address.setShort(0, (short) Libc.AF_UNIX);
    address.write(Short.BYTES, path, 0, path.length);
    if (path.length > 0 && path[0] == '@') {
      address.setByte(Short.BYTES, (byte) 0); // the abstract namespace
    }
    addressBytes = Short.BYTES + path.length;
  }

  /** Who asked by the environment; somebody who never answers when nobody did. */
  public static Supervisor of(Map<String, String> environment) {
    byte[] path = bytes(environment.getOrDefault("NOTIFY_SOCKET", ""));
    if (path.length == 0) {
      return new Supervisor(NOBODY, path, 0);
    }
    if (path.length > ADDRESS_BYTES - Short.BYTES) {
      LOG.atWarn().addKeyValue("bytes", path.length).log("NOTIFY_SOCKET is too long: not told");
      return new Supervisor(NOBODY, new byte[0], 0);
    }
    int fd = Libc.socket(Libc.AF_UNIX, Libc.SOCK_DGRAM | Libc.SOCK_CLOEXEC, 0);
    if (fd < 0) {
      LOG.atWarn()
          .addKeyValue("cause", Libc.describe(Native.getLastError()))
          .log("no socket for NOTIFY_SOCKET: the service manager is not told");
    }
    return new Supervisor(fd, path, watchdogNanos(environment));
  }

  private static long watchdogNanos(Map<String, String> environment) {
    String own = Long.toString(ProcessHandle.current().pid());
    if (!environment.getOrDefault("WATCHDOG_PID", own).equals(own)) {
      return 0;
    }
    String micros = environment.getOrDefault("WATCHDOG_USEC", "0");
    return micros.matches("\\d{1,15}") ? TimeUnit.MICROSECONDS.toNanos(Long.parseLong(micros)) : 0;
  }

  /** It kills who has not told {@link #alive} for so long; 0 when it does not. */
  public long watchdogNanos() {
    return watchdogNanos;
  }

  /** Start, or reload, is done. */
  public void ready(String status) {
    tell("READY=1\nSTATUS=" + status);
  }

  public void reloading() {
    tell(
        "RELOADING=1\nMONOTONIC_USEC=%d\nSTATUS=Reading the configuration"
            .formatted(TimeUnit.NANOSECONDS.toMicros(System.nanoTime())));
  }

  public void stopping() {
    tell("STOPPING=1\nSTATUS=Stopping");
  }

  /** Why it will not start, in a line for {@code systemctl status}. */
  public void failed(String status) {
    tell("STATUS=" + status);
  }

  /** The drain goes round. */
  public void alive() {
    send(ALIVE);
  }

  private void tell(String text) {
    send(bytes(text));
  }

  private void send(byte[] message) {
    if (fd == NOBODY) {
      return;
    }
    Pointer to = address;
    long sent =
        Libc.sendto(
            fd, message, message.length, Libc.MSG_DONTWAIT | Libc.MSG_NOSIGNAL, to, addressBytes);
    if (sent < 0) {
      LOG.atWarn()
          .addKeyValue("cause", Libc.describe(Native.getLastError()))
          .log("the service manager could not be told");
    }
  }

  @Override
  public void close() {
    if (fd != NOBODY) {
      Libc.close(fd);
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
