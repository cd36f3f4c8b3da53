// SPDX-License-Identifier: Apache-2.0
package dev.rastro.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rastro.v1.Event;
import dev.rastro.v1.TraceResponse;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What forks and execs tell, on the real kernel. */
@Tag("kernel")
@Timeout(60)
final class LifecycleTest {
  @RegisterExtension static final LiveDaemon live = new LiveDaemon();

  @Test
  void aForkTellsWhatIsShared() throws Exception {
    List<Event> events =
        lifecycle(
            """
            import os, subprocess, threading
            if os.fork() == 0: os._exit(0)
            os.wait()
            one = threading.Thread(target=lambda: None); one.start(); one.join()
            subprocess.run(['/bin/echo', 'a b', 'c'])
            subprocess.run(['unshare', '--net', '--pid', '--fork', 'true'])
            """);
    List<List<String>> flags =
        events.stream()
            .filter(Event::hasFork)
            .<List<String>>map(e -> List.copyOf(e.getFork().getCloneFlagsList()))
            .toList();
    assertEquals(List.of(), flags.get(0));
    assertTrue(
        flags
            .get(1)
            .containsAll(
                List.of("CLONE_VM", "CLONE_FS", "CLONE_FILES", "CLONE_SIGHAND", "CLONE_THREAD")),
        flags::toString);
    assertTrue(flags.stream().anyMatch(one -> one.contains("CLONE_NEWPID")), flags::toString);
    Event echo =
        events.stream()
            .filter(event -> event.getExec().getFilename().equals("/bin/echo"))
            .findFirst()
            .orElseThrow();
    assertEquals(List.of("/bin/echo", "a b", "c"), echo.getExec().getArgumentsList());
    assertFalse(echo.getExec().getArgumentsTruncated());
  }

  @Test
  void argumentsOfAnExecAreCut() throws Exception {
    List<Event> events =
        lifecycle("import os; os.execv('/bin/true', ['true', 'x' * 100, '', 'y' * 300])");
    Event exec = events.stream().filter(Event::hasExec).findFirst().orElseThrow();
    assertEquals(
        List.of("true", "x".repeat(100), "", "y".repeat(256 - 5 - 101 - 1)),
        exec.getExec().getArgumentsList());
    assertTrue(exec.getExec().getArgumentsTruncated());
  }

  @Test
  void aProcessEndsUnderTheNameOfItsFirstThread() throws Exception {
    List<Event> events =
        lifecycle(
            """
            import ctypes, os, threading
            libc = ctypes.CDLL(None)
            def stay():
                libc.prctl(15, b'the-last')
                while open('/proc/self/stat').read().split()[2] != 'Z': pass
                os._exit(0)
            threading.Thread(target=stay).start()
            # Of the first thread alone: the other lives on.
            libc.pthread_exit(None)
            """);
    Event end =
        events.stream()
            .filter(event -> event.getExit().getProcessEnded())
            .findFirst()
            .orElseThrow();
    assertEquals("python3", end.getExit().getComm());
  }

  private static List<Event> lifecycle(String script) throws Exception {
    java.lang.Process program = LiveDaemon.python(script);
    Iterator<TraceResponse> stream =
        live.tracer().trace(LiveDaemon.counting(program).setWithLifecycle(true).build());
    assertTrue(stream.next().hasStarted());
    LiveDaemon.release(program);
    List<Event> events = new ArrayList<>();
    stream.forEachRemaining(message -> events.addAll(message.getEvents().getEventsList()));
    assertEquals(0, program.waitFor());
    return events;
  }
}
