package dev.rastro.syscalls.decode;

import dev.rastro.syscalls.record.RecordReader;
import dev.rastro.syscalls.table.Kind;
import java.util.Map;
import java.util.Set;

/** ioctl by its command: the name, and what the third argument points to. */
final class Ioctls {
  private static final int COMMAND = 1;

  /** Commands whose argument is a struct of the table; a question mark: the kernel writes it. */
  private static final Map<String, String> STRUCTS =
      Map.ofEntries(
          Map.entry("TCGETS", "termios?"),
          Map.entry("TCSETS", "termios"),
          Map.entry("TCSETSW", "termios"),
          Map.entry("TCSETSF", "termios"),
          Map.entry("TIOCGWINSZ", "winsize?"),
          Map.entry("TIOCSWINSZ", "winsize"));

  private static final Set<String> NUMBER_OUT =
      Set.of("FIONREAD", "TIOCINQ", "TIOCOUTQ", "TIOCGPGRP", "TIOCGSID", "TIOCGPTN", "FIOASYNC");
  private static final Set<String> NUMBER_IN =
      Set.of("FIONBIO", "TIOCSPGRP", "TIOCSPTLCK", "TIOCPKT");
  private static final Set<String> NOTHING = Set.of("FIOCLEX", "FIONCLEX", "TIOCEXCL", "TIOCNXCL");

  private Ioctls() {}

  static void register(Specials specials) {
    specials.addNamed("ioctl_command", Ioctls::command);
    specials.add(
        "ioctl_arg",
        new Special.Sometimes(walk -> !NOTHING.contains(name(walk)), Ioctls::argument));
    specials.add(
        "ioctl_result", (walk, value) -> walk.sink().number(value, Kind.Format.DECIMAL, true));
  }

  private static String name(Walk walk) {
    return Walk.choice(walk.names("ioctl_command"), walk.register(COMMAND) & 0xffffffffL);
  }

  private static void command(Walk walk, long value) {
    long command = value & 0xffffffffL;
    String name = name(walk);
    if (!name.isEmpty()) {
      walk.sink().named(command, walk.names("ioctl_command"));
      return;
    }
    StringBuilder words = walk.words().append("_IOC(");
    direction(words, (int) (command >>> 30));
    words.append(", ");
    Walk.hex(words, command >>> 8 & 0xff);
    words.append(", ");
    Walk.hex(words, command & 0xff);
    words.append(", ");
    Walk.hex(words, command >>> 16 & 0x3fff);
    walk.sink().phrase(command, words.append(')'));
  }

  private static void direction(StringBuilder words, int bits) {
    words.append(
        switch (bits) {
          case 0 -> "_IOC_NONE";
          case 1 -> "_IOC_WRITE";
          case 2 -> "_IOC_READ";
          default -> "_IOC_READ|_IOC_WRITE";
        });
  }

  private static void argument(Walk walk, long address) {
    String name = name(walk);
    String struct = STRUCTS.getOrDefault(name, "");
    if (struct.endsWith("?")) {
      Multiplexed.struct(walk, struct.substring(0, struct.length() - 1), address, true);
    } else if (!struct.isEmpty()) {
      Multiplexed.struct(walk, struct, address, false);
    } else if (NUMBER_OUT.contains(name) || NUMBER_IN.contains(name)) {
      number(walk, address, NUMBER_OUT.contains(name));
    } else {
      walk.sink().number(address, Kind.Format.HEX, false);
    }
  }

  private static void number(Walk walk, long address, boolean out) {
    int segment = Multiplexed.segment(walk, address, out, Integer.BYTES);
    if (segment != RecordReader.NO_SEGMENT) {
      walk.sink().beginArray();
      walk.sink().element();
      walk.sink()
          .number(walk.signed32(walk.memory().segmentData(segment)), Kind.Format.DECIMAL, true);
      walk.sink().endArray(true);
    }
  }
}
