package dev.rastro.daemon.host;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalInt;
import java.util.regex.Pattern;

/** Names and numbers of users, from a file in the format of passwd(5). */
public final class Users {

  /** Digits that fit 32 bits whatever they are; a larger uid goes by its number. */
  private static final Pattern UID = Pattern.compile("\\d{1,9}");

  private final Path passwd;

  /** Those of this machine. */
  public Users() {
    this(Path.of("/etc/passwd"));
  }

  Users(Path passwd) {
    this.passwd = passwd;
  }

  /** By uid; the first name wins where two share a uid, as in getpwuid(3). */
  Map<Integer, String> names() {
    Map<Integer, String> names = new HashMap<>();
    for (String line : ProcFiles.read(passwd).orElse("").split("\n", -1)) {
      String[] fields = line.split(":", 4);
      if (fields.length == 4 && UID.matcher(fields[2]).matches()) {
        names.putIfAbsent(Integer.parseUnsignedInt(fields[2]), fields[0]);
      }
    }
    return names;
  }

  /** The name of a user, or the uid in digits. */
  public String name(int uid) {
    return names().getOrDefault(uid, Integer.toUnsignedString(uid));
  }

  /** By name, or by a number that need not have a name; empty when there is no such user. */
  public OptionalInt number(String user) {
    if (UID.matcher(user).matches()) {
      return OptionalInt.of(Integer.parseInt(user));
    }
    return names().entrySet().stream()
        .filter(entry -> entry.getValue().equals(user))
        .mapToInt(Map.Entry::getKey)
        .findFirst();
  }
}
