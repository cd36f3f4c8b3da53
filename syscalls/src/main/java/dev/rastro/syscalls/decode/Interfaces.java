package dev.rastro.syscalls.decode;

import dev.rastro.syscalls.record.RecordReader;
import dev.rastro.syscalls.record.RecordReader.Phase;
import dev.rastro.syscalls.table.Kind;

/** What ioctl asks about network interfaces: struct ifreq and struct ifconf, linux/if.h. */
final class Interfaces {
  private static final int NAME_BYTES = 16;
  private static final int IFREQ_BYTES = 40;
  private static final int IFCONF_BYTES = 16;
  private static final int SOCKADDR_BYTES = 16;
  private static final int HARDWARE_ADDRESS_BYTES = 6;
  private static final int RADIO_ADDRESS_BYTES = 7;

  private Interfaces() {}

  static void register(Specials specials) {
    specials.add("ifreq", (Special.InMemory) Interfaces::request);
    specials.add("ifreq_name", (Special.InMemory) Interfaces::nameOfIndex);
    specials.add("ifreq_index", (Special.InMemory) Interfaces::index);
    specials.addStruct("ifconf", Interfaces::sizeOfList);
    specials.add("ifconf_bytes", Interfaces::listBytes);
    specials.add("ifreq_address", (Special.InMemory) Interfaces::address);
  }

  private static boolean request(Walk walk, int at, int length) {
    if (length < IFREQ_BYTES) {
      return false;
    }
    String command = Ioctls.name(walk);
    walk.sink().beginStruct();
    walk.sink().field("ifr_name");
    name(walk, at);
    if (!walk.failed() || !command.startsWith("SIOCG")) {
      value(walk, command.substring("SIOCGIF".length()), at + NAME_BYTES);
    }
    walk.sink().endStruct(true);
    return true;
  }

  private static void name(Walk walk, int at) {
    int end = walk.pointers().terminated(at, NAME_BYTES);
    int shown = Math.min(end, NAME_BYTES - 1);
    walk.sink().string(walk.memory().buffer(), at, shown, shown < end, Quote.TEXT);
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
      case "HWADDR", "HWBROADCAST", "MULTI" -> hardware(walk, at);
      case "MAP" -> {
        sink.field("ifr_map");
        walk.structs().inline(walk.kind("ifmap"), at);
      }
      case "NAME" -> {
        sink.field("ifr_newname");
        name(walk, at);
      }
      case "SLAVE" -> {
        sink.field("ifr_slave");
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
    int bytes =
        switch (Walk.choice(walk.names("arp_hardware"), walk.unsigned(at, Short.BYTES))) {
          case "ARPHRD_AX25", "ARPHRD_ROSE", "ARPHRD_NETROM" -> RADIO_ADDRESS_BYTES;
          default -> HARDWARE_ADDRESS_BYTES;
        };
    StringBuilder words = walk.words();
    for (int i = 0; i < bytes; i++) {
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

  private static boolean index(Walk walk, int at, int length) {
    if (length < IFREQ_BYTES) {
      return false;
    }
    walk.sink().beginStruct();
    walk.sink().field("ifr_ifindex");
    InterfaceIndexes.tell(walk, walk.unsigned(at + NAME_BYTES, Integer.BYTES));
    walk.sink().endStruct(true);
    return true;
  }

  /** Without a buffer the kernel does not look how large it is, and says how large it must be. */
  private static boolean sizeOfList(Walk walk, int at, int length) {
    int after = walk.memory().find(walk.register(walk.index()), walk.index(), Phase.OUT);
    boolean asked = length >= IFCONF_BYTES && walk.unsigned(at + Long.BYTES, Long.BYTES) == 0;
    if (!asked
        || walk.failed()
        || after == RecordReader.NO_SEGMENT
        || walk.memory().segmentLength(after) < IFCONF_BYTES) {
      return false;
    }
    walk.sink().beginStruct();
    walk.sink().field("ifc_len");
    listBytes(walk, walk.unsigned(walk.memory().segmentData(after), Integer.BYTES));
    walk.sink().field("ifc_buf");
    walk.sink().address(0);
    walk.sink().endStruct(true);
    return true;
  }

  /** How many bytes a list has, and how many entries these are. */
  private static void listBytes(Walk walk, long bytes) {
    walk.sink().number(Walk.extended(bytes), Kind.Format.DECIMAL, true);
    if (bytes > 0 && bytes % IFREQ_BYTES == 0) {
      walk.sink()
          .comment(walk.words().append(bytes / IFREQ_BYTES).append(" * sizeof(struct ifreq)"));
    }
  }

  private static boolean address(Walk walk, int at, int length) {
    walk.sink().beginStruct();
    walk.sink().field("ifr_name");
    name(walk, at);
    walk.sink().field("ifr_addr");
    SocketAddresses.tell(walk, at + NAME_BYTES, SOCKADDR_BYTES);
    walk.sink().endStruct(true);
    return true;
  }
}
