package dev.rastro.daemon.access;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * The security module that may restrict ptrace(2) between processes of one user
 * (Documentation/admin-guide/LSM/Yama.rst). Whoever has no other right to see a process than that
 * it is theirs is bound by it here, too.
 *
 * @param file of sysctl; it need not be there
 */
public record Yama(Path file) {

  /** Whom a user may attach to, of their own processes. */
  public enum Scope {
    ANY,
    DESCENDANTS,
    NOBODY
  }

  /** This machine's. */
  public static Yama ofThisMachine() {
    return new Yama(Path.of("/proc/sys/kernel/yama/ptrace_scope"));
  }

  /** As it is now. What cannot be understood is taken for the strictest. */
  public Scope scope() {
    try {
      return switch (Files.readString(file).strip()) {
        case "0" -> Scope.ANY;
        case "1" -> Scope.DESCENDANTS;
        default -> Scope.NOBODY;
      };
    } catch (NoSuchFileException notThere) {
      return Scope.ANY;
    } catch (IOException unreadable) {
      return Scope.NOBODY;
    }
  }
}
