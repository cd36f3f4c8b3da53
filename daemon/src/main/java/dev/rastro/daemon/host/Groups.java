package dev.rastro.daemon.host;

import java.nio.file.Path;
import java.util.OptionalInt;
import java.util.regex.Pattern;

/** Numbers of groups, from a file in the format of group(5). */
public final class Groups {
  private static final Pattern GID = Pattern.compile("\\d{1,9}");

  private final Path file;

  /** Those of this machine. */
  public Groups() {
    this(Path.of("/etc/group"));
  }

  Groups(Path file) {
    this.file = file;
  }

  /** By name, or by a number that need not have a name; empty when there is no such group. */
  public OptionalInt number(String group) {
    if (GID.matcher(group).matches()) {
      return OptionalInt.of(Integer.parseInt(group));
    }
    for (String line : ProcFiles.read(file).orElse("").split("\n", -1)) {
      String[] fields = line.split(":", 4);
      if (fields.length == 4 && fields[0].equals(group) && GID.matcher(fields[2]).matches()) {
        return OptionalInt.of(Integer.parseInt(fields[2]));
      }
    }
    return OptionalInt.empty();
  }
}
