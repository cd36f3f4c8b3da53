package dev.rastro.syscalls.decode;

import dev.rastro.syscalls.record.RecordReader.Phase;
import dev.rastro.syscalls.table.Kind;

/** What ioctl asks about network interfaces: struct ifreq and struct ifconf, linux/if.h. */
final class Interfaces {
  private static final int NAME_BYTES = 16;
  private static final int IFREQ_BYTES = 40;
  private static final int SOCKADDR_BYTES = 16;
  private static final int HARDWARE_ADDRESS_BYTES = 6;

  private Interfaces() {}

  static void register(Specials specials) {
    specials.add("ifreq", (Special.InMemory) Interfaces::request);
    specials.add("ifreq_name", (Special.InMemory) Interfaces::nameOfIndex);
    specials.add("ifconf", (Special.InMemory) Interfaces::list);
  }

  private static boolean request(Walk walk, int at, int length) {
    if (length < IFREQ_BYTES) {
      return false;
    }
    String command = Ioctls.name(walk);
    walk.sink().beginStruct();
    walk.sink().field("ifr_name");
    name(walk, at);
    if (!walk.failed() || command.startsWith("SIOCS")) {
      value(walk, command.substring("SIOCGIF".length()), at + NAME_BYTES);
    }
    walk.sink().endStruct(true);
    return true;
  }

  private static void name(Walk walk, int at) {
    int end = walk.pointers().terminated(at, NAME_BYTES);
    walk.sink().string(walk.memory().buffer(), at, end, false, Quote.TEXT);
  }

  private static void value(Walk walk, String what, int at) {
    Sink sink = walk.sink();
    switch (what) {
      case "ADDR", "NETMASK", "BRDADDR", "DSTADDR" -> {
        sink.field(
            switch (what) {
              case "ADDR" -> "ifr_addr";
              case "NETMASK" -> "ifr_netmask";
              case "BRDADDR" -> "ifr_broadaddr";
              default -> "ifr_dstaddr";
            });
        SocketAddresses.tell(walk, at, SOCKADDR_BYTES);
      }
      case "FLAGS" -> {
        sink.field("ifr_flags");
        sink.named(walk.unsigned(at, Short.BYTES), walk.names("interface_flags"));
      }
      case "HWADDR" -> hardware(walk, at);
      case "MAP" -> {
        sink.field("ifr_map");
        walk.structs().inline(walk.kind("ifmap"), at);
      }
      case "NAME" -> {
        sink.field("ifr_newname");
        name(walk, at);
      }
      default -> {
        sink.field(
            switch (what) {
              case "INDEX" -> "ifr_ifindex";
              case "MTU" -> "ifr_mtu";
              case "METRIC" -> "ifr_metric";
              default -> "ifr_qlen";
            });
        sink.number(walk.signed32(at), Kind.Format.DECIMAL, true);
      }
    }
  }

  private static void hardware(Walk walk, int at) {
    walk.sink().field("ifr_hwaddr");
    walk.sink().beginStruct();
    walk.sink().field("sa_family");
    walk.sink().named(walk.unsigned(at, Short.BYTES), walk.names("arp_hardware"));
    walk.sink().field("sa_data");
    StringBuilder words = walk.words();
    for (int i = 0; i < HARDWARE_ADDRESS_BYTES; i++) {
      int octet = (int) walk.unsigned(at + Short.BYTES + i, 1);
      words.append(i == 0 ? "" : ":");
      words.append(Character.forDigit(octet >> 4, 16)).append(Character.forDigit(octet & 15, 16));
    }
    walk.sink().phrase(0, words);
    walk.sink().endStruct(true);
  }

  /** Asks by index, is answered with the name. */
  private static boolean nameOfIndex(Walk walk, int at, int length) {
    if (length < IFREQ_BYTES) {
      return false;
    }
    walk.sink().beginStruct();
    walk.sink().field("ifr_ifindex");
    walk.sink().number(walk.signed32(at + NAME_BYTES), Kind.Format.DECIMAL, true);
    if (!walk.failed()) {
      walk.sink().field("ifr_name");
      name(walk, at);
    }
    walk.sink().endStruct(true);
    return true;
  }

  private static boolean list(Walk walk, int at, int length) {
    if (length < 2 * Long.BYTES) {
      return false;
    }
    int bytes = walk.signed32(at);
    Sink sink = walk.sink();
    sink.beginStruct();
    sink.field("ifc_len");
    sink.number(bytes, Kind.Format.DECIMAL, true);
    if (bytes > 0 && bytes % IFREQ_BYTES == 0) {
      sink.comment(walk.words().append(bytes / IFREQ_BYTES).append(" * sizeof(struct ifreq)"));
    }
    sink.field("ifc_buf");
    walk.lookAt(walk.index(), Phase.OUT);
    sink.address(walk.unsigned(at + Long.BYTES, Long.BYTES));
    sink.endStruct(true);
    return true;
  }
}
