package dev.rastro.daemon.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.jna.Memory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a service manager gets to read. */
@Timeout(20)
class SupervisorTest {

  @TempDir private Path directory;

  @Test
  void saysNothingWhereNobodyAsked() {
    try (Supervisor supervisor = Supervisor.of(Map.of())) {
      supervisor.ready("unheard");
      assertEquals(0, supervisor.watchdogNanos());
    }
  }

  @Test
  void tellsTheServiceManager() {
    String path = directory.resolve("notify").toString();
    tells(path, path);
  }

  @Test
  void knowsTheAbstractNamespace() {
    String name = "rastro-supervisor-test-" + ProcessHandle.current().pid();
    tells("@" + name, "\0" + name);
  }

  private static void tells(String asked, String bound) {
    int receiver = Libc.socket(Libc.AF_UNIX, Libc.SOCK_DGRAM | Libc.SOCK_CLOEXEC, 0);
    byte[] path = bound.getBytes(StandardCharsets.UTF_8);
    try (Memory address = new Memory(Short.BYTES + path.length);
        Supervisor supervisor = Supervisor.of(Map.of("NOTIFY_SOCKET", asked))) {
      address.setShort(0, (short) Libc.AF_UNIX);
      address.write(Short.BYTES, path, 0, path.length);
      assertEquals(0, Sockets.bind(receiver, address, (int) address.size()));
      supervisor.ready("Serving");
      supervisor.alive();
      supervisor.reloading();
      assertEquals("READY=1\nSTATUS=Serving", received(receiver));
      assertEquals("WATCHDOG=1", received(receiver));
      assertTrue(received(receiver).matches("(?s)RELOADING=1\nMONOTONIC_USEC=\\d+\nSTATUS=.*"));
    } finally {
      Libc.close(receiver);
    }
  }

  private static String received(int fd) {
    try (Memory into = new Memory(4096)) {
      int length = (int) Libc.read(fd, into, into.size());
      return new String(into.getByteArray(0, length), StandardCharsets.UTF_8);
    }
  }

  @Test
  void readsTheWatchdogsTime() {
    String own = Long.toString(ProcessHandle.current().pid());
    assertEquals(30_000_000_000L, nanos("30000000", own));
    assertEquals(0, nanos("30000000", "1"));
    assertEquals(0, nanos("soon", own));
  }

  private static long nanos(String micros, String pid) {
    try (Supervisor supervisor =
        Supervisor.of(
            Map.of("NOTIFY_SOCKET", "/none", "WATCHDOG_USEC", micros, "WATCHDOG_PID", pid))) {
      return supervisor.watchdogNanos();
    }
  }

  /** What only a test needs. */
  static final class Sockets {
    static {
      com.sun.jna.Native.register(Sockets.class, Libc.LIBRARY);
    }

    private Sockets() {}

    static native int bind(int fd, com.sun.jna.Pointer address, int addressBytes);
  }
}
