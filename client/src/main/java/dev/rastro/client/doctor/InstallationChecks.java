package dev.rastro.client.doctor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** What this account runs, and whether it may use the daemon's socket. */
public final class InstallationChecks {
  private static final int OLDEST_JAVA = 17;
  private static final int GROUP_WRITES = 0020;
  private static final int OTHERS_WRITE = 0002;
  private static final Pattern GROUPS = Pattern.compile("(?m)^Groups:[ \\t]*(.*)$");

  private InstallationChecks() {}

  /** Java, and the archive of classes that makes it start quickly. */
  public static List<Finding> java(int version, String archive) {
    List<Finding> findings = new ArrayList<>();
    findings.add(
        version >= OLDEST_JAVA
            ? Finding.ok("Java", System.getProperty("java.vm.version", Integer.toString(version)))
            : Finding.problem("Java", version + " is too old", "install Java 17 or later"));
    findings.add(
        archive.isEmpty()
            ? Finding.note(
                "start-up",
                "no class-data archive for this Java: starts take about a second longer",
                "as root: /usr/lib/rastro/lib/archive /usr/lib/rastro")
            : Finding.ok("start-up", archive));
    return findings;
  }

  /**
   * @param own where everybody is served what is their own, if anywhere
   * @param user the effective one
   * @param name of the user, for the remedy
   */
  public static Finding socket(Path socket, Optional<Path> own, int user, String name) {
    Optional<Map<String, Object>> found = attributes(socket);
    if (found.isEmpty()) {
      return Finding.problem(
          "socket", socket + " is not there", "start the daemon: systemctl start rastrod");
    }
    Map<String, Object> file = found.get();
    int mode = (Integer) file.get("mode");
    String says =
        "%s is %s:%s, %04o".formatted(socket, file.get("owner"), file.get("group"), mode & 07777);
    if (mayConnect(file, user)) {
      return Finding.ok("socket", says);
    }
    String join =
        (mode & GROUP_WRITES) != 0
            ? "as root: adduser %s %s, and log in anew".formatted(name, file.get("group"))
            : "give rastrod a --group, and have %s join it".formatted(name);
    return own.flatMap(InstallationChecks::attributes)
        .filter(other -> mayConnect(other, user))
        .map(
            other ->
                Finding.note(
                    "socket",
                    "%s: not for %s, whose own processes alone are served over %s"
                        .formatted(says, name, own.get()),
                    join))
        .orElseGet(
            () ->
                Finding.problem(
                    "socket",
                    says + ": not for " + name,
                    join + "; or give rastrod an --own-socket, for everybody's own processes"));
  }

  private static Optional<Map<String, Object>> attributes(Path socket) {
    try {
      return Optional.of(
          Files.readAttributes(socket, "unix:uid,gid,mode,owner,group", LinkOption.NOFOLLOW_LINKS));
    } catch (IOException absent) {
      return Optional.empty();
    }
  }

  private static boolean mayConnect(Map<String, Object> file, int user) {
    int mode = (Integer) file.get("mode");
    return user == 0
        || user == (Integer) file.get("uid")
        || (mode & OTHERS_WRITE) != 0
        || ((mode & GROUP_WRITES) != 0 && groups().contains((Integer) file.get("gid")));
  }

  /** Those that the kernel knows of this process, which may be older than /etc/group. */
  private static List<Integer> groups() {
    return new MachineFiles(Path.of("/"))
        .match("proc/self/status", GROUPS)
        .map(
            line ->
                Arrays.stream(line.strip().split("\\s+"))
                    .filter(word -> !word.isEmpty())
                    .map(Integer::valueOf)
                    .toList())
        .orElse(List.of());
  }
}
