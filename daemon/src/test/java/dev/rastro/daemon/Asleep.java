package dev.rastro.daemon;

import dev.rastro.syscalls.table.Architecture;
import dev.rastro.syscalls.table.SyscallTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Programs that sleep where they are meant to: what they do as they start, which goes on for longer
 * at one time than at another, is behind them.
 */
final class Asleep {
  private static final SyscallTable TABLE = SyscallTable.load(Architecture.current());

  private Asleep() {}

  /** Once it waits for a line on stdin. */
  static Process reading(Process program) throws InterruptedException {
    return in(program, "read", " 0x0 ");
  }

  /** Once it waits for somebody to open the other end of a pipe. */
  static Process opening(Process program) throws InterruptedException {
    return in(program, "openat", " ");
  }

  private static Process in(Process program, String call, String arguments)
      throws InterruptedException {
    String asleep = TABLE.find(call).orElseThrow().number() + arguments;
    Path syscall = Path.of("/proc/" + program.pid() + "/syscall");
    Rastrod.await(
        "a program in " + call,
        () -> contents(syscall).startsWith(asleep),
        () -> contents(syscall));
    return program;
  }

  private static String contents(Path syscall) {
    try {
      return Files.readString(syscall);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
