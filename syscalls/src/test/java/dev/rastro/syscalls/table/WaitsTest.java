// SPDX-License-Identifier: Apache-2.0
package dev.rastro.syscalls.table;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class WaitsTest {
  private static final SyscallTable TABLE = SyscallTable.load(Architecture.X86_64);

  @Test
  void everyLineSpeaksOfArgumentsThatTheCallHas() {
    Waits waits = Waits.load();
    List<String> wrong = new ArrayList<>();
    int known = 0;
    for (Syscall call : TABLE.all()) {
      Optional<Waits.Wait> wait = waits.find(call.name());
      known += wait.isPresent() ? 1 : 0;
      int arguments = call.arguments().size();
      if (wait.filter(w -> w.object() >= arguments || w.limit() >= arguments).isPresent()) {
        wrong.add(call.name());
      }
      boolean unlike =
          wait.filter(w -> w.object() >= 0)
              .map(w -> call.arguments().get(w.object()).kind().name())
              .filter(kind -> !kind.equals("fd") && !kind.equals("pid"))
              .isPresent();
      if (unlike) {
        wrong.add(call.name());
      }
    }
    assertEquals(List.of(), wrong);
    assertTrue(known > 50, known + " calls");
  }

  @Test
  void aTimeoutThatMeansForeverIsNone() {
    Waits waits = Waits.load();
    Waits.Wait epoll = waits.find("epoll_wait").orElseThrow();
    assertFalse(epoll.isTimed(List.of(4L, 0L, 32L, 0xffffffffL, 0L, 0L)));
    assertTrue(epoll.isTimed(List.of(4L, 0L, 32L, 100L, 0L, 0L)));
    assertFalse(waits.find("futex").orElseThrow().isTimed(List.of(1L, 0L, 2L, 0L, 0L, 0L)));
    assertTrue(waits.find("nanosleep").orElseThrow().isTimed(List.of()));
  }

  @Test
  void aBadLineIsNamed() {
    DataFile file = new DataFile("waits.txt", "read input fd=0\nwrite sideways\n");
    String message = assertThrows(DataSyntaxException.class, () -> Waits.of(file)).getMessage();
    assertTrue(message.contains("sideways"), message);
  }
}
