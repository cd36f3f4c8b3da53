package dev.rastro.syscalls.decode;

import dev.rastro.syscalls.table.Kind;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** Network interfaces by index, as they are called where the decoder runs. */
final class InterfaceIndexes {
  private static final Path INTERFACES = Path.of("/sys/class/net");

  private InterfaceIndexes() {}

  /** {@code if_nametoindex("lo")}; the number where there is no such interface. */
  static void tell(Walk walk, long index) {
    String name = name(index);
    if (name.isEmpty()) {
      walk.sink().number(index, Kind.Format.DECIMAL, false);
    } else {
      walk.sink()
          .phrase(index, walk.words().append("if_nametoindex(\"").append(name).append("\")"));
    }
  }

  private static String name(long index) {
    if (index <= 0 || index > Integer.MAX_VALUE) {
      return "";
    }
    String number = Long.toString(index);
    try (DirectoryStream<Path> interfaces = Files.newDirectoryStream(INTERFACES)) {
      for (Path each : interfaces) {
        if (Files.readString(each.resolve("ifindex")).strip().equals(number)) {
          return each.getFileName().toString();
        }
      }
    } catch (IOException | DirectoryIteratorException e) {
      // The number says as much as there is to be known.
      return "";
    }
    return "";
  }
}
