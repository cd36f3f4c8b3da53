package dev.rastro.syscalls.decode;

import dev.rastro.syscalls.table.Kind;
import java.net.NetworkInterface;
import java.net.SocketException;

/** Network interfaces by index, as they are called where the decoder runs. */
final class InterfaceIndexes {
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
    try {
      NetworkInterface found = NetworkInterface.getByIndex((int) index);
      return found == null ? "" : found.getName();
    } catch (SocketException e) {
      // The number says as much as there is to be known.
      return "";
    }
  }
}
