package dev.rastro.daemon.kernel;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What a process may do, as {@code /proc} tells it at one moment (credentials(7), capabilities(7)).
 *
 * @param uids real, effective and saved
 * @param gids the same
 * @param capable it has capabilities
 * @param machineWide they hold for the machine, and not for a namespace of users alone
 * @param dumpable the kernel lets its user look into its memory; not after it executed a
 *     set-user-ID program, for one (PR_SET_DUMPABLE in prctl(2))
 */
public record Rights(
    int pid, Ids uids, Ids gids, boolean capable, boolean machineWide, boolean dumpable) {

  /** User or group ids of a process. */
  public record Ids(int real, int effective, int saved) {
    boolean areAll(int id) {
      return real == id && effective == id && saved == id;
    }

    boolean haveRoot() {
      return real == 0 || effective == 0 || saved == 0;
    }
  }

  /** Of include/linux/proc_ns.h: PROC_USER_INIT_INO. */
  private static final String MACHINE = "user:[4026531837]";

  /** Empty when there is no such process (or thread: a tid is found too). */
  public static Optional<Rights> of(int pid) {
    Path directory = Path.of("/proc/" + pid);
    try {
      Path status = directory.resolve("status");
      Map<String, String> fields = fields(status);
      Ids uids = ids(fields.get("Uid"));
      boolean capable = Long.parseUnsignedLong(fields.get("CapPrm"), 16) != 0;
      return Optional.of(
          new Rights(
              pid,
              uids,
              ids(fields.get("Gid")),
              capable,
              !capable || machineWide(directory),
              isOwnersOwn(status, uids.effective()) || !hasMemory(fields(status))));
    } catch (IOException gone) {
      return Optional.empty();
    }
  }

  private static Map<String, String> fields(Path status) throws IOException {
    Map<String, String> fields = new HashMap<>();
    for (String line : Files.readAllLines(status, StandardCharsets.ISO_8859_1)) {
      int colon = line.indexOf(':');
      if (colon > 0) {
        fields.put(line.substring(0, colon), line.substring(colon + 1).strip());
      }
    }
    return fields;
  }

  /** Not of one that ends: its files are root's from then on, whatever it was. */
  private static boolean hasMemory(Map<String, String> fields) {
    return fields.containsKey("VmSize");
  }

  /** Whoever is not dumpable, root owns the files of; root's own it does in any case. */
  private static boolean isOwnersOwn(Path status, int effective) throws IOException {
    return (Integer) Files.getAttribute(status, "unix:uid") == effective;
  }

  private static boolean machineWide(Path directory) {
    try {
      return Files.readSymbolicLink(directory.resolve("ns/user")).toString().equals(MACHINE);
    } catch (IOException notTold) {
      return true;
    }
  }

  private static Ids ids(String field) {
    String[] numbers = field.split("\\s+", 4);
    return new Ids(
        Integer.parseUnsignedInt(numbers[0]),
        Integer.parseUnsignedInt(numbers[1]),
        Integer.parseUnsignedInt(numbers[2]));
  }
}
