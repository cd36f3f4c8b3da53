package dev.rastro.daemon.host;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;

/** Names of users, from a file in the format of passwd(5). */
final class Users {

  /** Digits that fit 32 bits whatever they are; a larger uid goes by its number. */
  private static final Pattern UID = Pattern.compile("\\d{1,9}");

  private final Path passwd;

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
}
