package dev.rastro.client.doctor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
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
   * @param user the effective one
   * @param name of the user, for the remedy
   */
  public static Finding socket(Path socket, int user, String name) {
    Map<String, Object> file;
    try {
      file =
          Files.readAttributes(socket, "unix:uid,gid,mode,owner,group", LinkOption.NOFOLLOW_LINKS);
    } catch (IOException absent) {
      return Finding.problem(
          "socket", socket + " is not there", "start the daemon: systemctl start rastrod");
    }
    int mode = (Integer) file.get("mode");
    String says =
        "%s is %s:%s, %04o".formatted(socket, file.get("owner"), file.get("group"), mode & 07777);
    boolean mayConnect =
        user == 0
            || user == (Integer) file.get("uid")
            || (mode & OTHERS_WRITE) != 0
            || ((mode & GROUP_WRITES) != 0 && groups().contains((Integer) file.get("gid")));
    return mayConnect
        ? Finding.ok("socket", says)
        : Finding.problem(
            "socket",
            says + ": not for " + name,
            "as root: adduser %s %s, and log in anew".formatted(name, file.get("group")));
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
