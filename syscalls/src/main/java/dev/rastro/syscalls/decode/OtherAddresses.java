package dev.rastro.syscalls.decode;

import dev.rastro.syscalls.table.Kind;
import dev.rastro.syscalls.table.Names;

/**
 * struct sockaddr of the rarer families. Layouts: linux/if_packet.h, vm_sockets.h, if_xdp.h,
 * if_alg.h, ax25.h, x25.h; bluetooth's are those of its socket calls, told apart by their size.
 */
final class OtherAddresses {
  private static final int PACKET_LEAST_BYTES = 20;
  private static final int PACKET_ADDRESS_AT = 12;
  private static final int PACKET_ADDRESS_BYTES = 8;
  private static final int VSOCK_BYTES = 16;
  private static final int XDP_BYTES = 16;
  private static final int ALG_BYTES = 88;
  private static final int ALG_NAME_AT = 24;
  private static final int AX25_BYTES = 16;
  private static final int CALLSIGN_BYTES = 7;
  private static final int X25_BYTES = 18;
  private static final int BLUETOOTH_ADDRESS_BYTES = 6;
  private static final int HCI_BYTES = 6;
  private static final int SCO_BYTES = 8;
  private static final int RFCOMM_BYTES = 10;
  private static final int L2CAP_LEAST_BYTES = 12;
  private static final int L2CAP_BYTES = 14;
  private static final int FIRST_DYNAMIC_PSM = 0x1001;
  private static final int FIRST_DYNAMIC_CID = 0x40;

  private OtherAddresses() {}

  /**
   * @return false when the bytes are no address of this family
   */
  static boolean tell(Walk walk, String family, int at, int length) {
    return switch (family) {
      case "AF_PACKET" -> length >= PACKET_LEAST_BYTES && packet(walk, at);
      case "AF_VSOCK" -> length >= VSOCK_BYTES && vsock(walk, at);
      case "AF_XDP" -> length >= XDP_BYTES && xdp(walk, at);
      case "AF_ALG" -> length >= ALG_BYTES && algorithm(walk, at, length);
      case "AF_AX25" -> length == AX25_BYTES && ax25(walk, at);
      case "AF_X25" -> length >= X25_BYTES && x25(walk, at);
      case "AF_BLUETOOTH" -> bluetooth(walk, at, length);
      default -> false;
    };
  }

  private static void network16(Walk walk, String field, String function, int value, Names names) {
    String name = Walk.choice(names, value);
    StringBuilder words = walk.words().append(function).append('(');
    if (name.isEmpty()) {
      Walk.hex(words, value);
      words.append(" /* ").append(names.prefix()).append(" */");
    } else {
      words.append(name);
    }
    walk.sink().field(field);
    walk.sink().phrase(value, words.append(')'));
  }

  private static boolean packet(Walk walk, int at) {
    Sink sink = walk.sink();
    network16(
        walk, "sll_protocol", "htons", walk.bigEndian16(at + 2), walk.names("ethernet_protocol"));
    sink.field("sll_ifindex");
    InterfaceIndexes.tell(walk, walk.unsigned(at + 4, Integer.BYTES));
    sink.field("sll_hatype");
    sink.named(walk.unsigned(at + 8, Short.BYTES), walk.names("arp_hardware"));
    sink.field("sll_pkttype");
    sink.named(walk.unsigned(at + 10, 1), walk.names("packet_type"));
    int length = (int) walk.unsigned(at + 11, 1);
    sink.field("sll_halen");
    sink.number(length, Kind.Format.DECIMAL, false);
    if (length > 0) {
      sink.field("sll_addr");
      sink.beginArray();
      for (int i = 0; i < Math.min(length, PACKET_ADDRESS_BYTES); i++) {
        sink.element();
        sink.number(walk.unsigned(at + PACKET_ADDRESS_AT + i, 1), Kind.Format.HEX, false);
      }
      sink.endArray(length <= PACKET_ADDRESS_BYTES);
    }
    return true;
  }

  private static boolean vsock(Walk walk, int at) {
    Sink sink = walk.sink();
    long reserved = walk.unsigned(at + 2, Short.BYTES);
    if (reserved != 0) {
      sink.field("svm_reserved1");
      sink.number(reserved, Kind.Format.HEX, false);
    }
    Names places = walk.names("vsock_cid");
    long place = walk.unsigned(at + 8, Integer.BYTES);
    sink.field("svm_cid");
    if (Walk.choice(places, place).isEmpty()) {
      sink.number(place, Kind.Format.HEX, false);
    } else {
      sink.named(place, places);
    }
    long port = walk.unsigned(at + 4, Integer.BYTES);
    sink.field("svm_port");
    if (port == 0xffffffffL) {
      sink.phrase(port, "VMADDR_PORT_ANY");
    } else {
      sink.number(port, Kind.Format.HEX, false);
    }
    sink.field("svm_flags");
    sink.named(walk.unsigned(at + 12, 1), walk.names("vsock_flags"));
    if ((walk.unsigned(at + 12, Integer.BYTES) >>> Byte.SIZE) != 0) {
      sink.field("svm_zero");
      sink.string(walk.memory().buffer(), at + 13, 3, false, Quote.HEX);
    }
    return true;
  }

  private static boolean xdp(Walk walk, int at) {
    Sink sink = walk.sink();
    sink.field("sxdp_flags");
    sink.named(walk.unsigned(at + 2, Short.BYTES), walk.names("xdp_flags"));
    sink.field("sxdp_ifindex");
    InterfaceIndexes.tell(walk, walk.unsigned(at + 4, Integer.BYTES));
    sink.field("sxdp_queue_id");
    sink.number(walk.unsigned(at + 8, Integer.BYTES), Kind.Format.DECIMAL, false);
    sink.field("sxdp_shared_umem_fd");
    sink.number(walk.signed32(at + 12), Kind.Format.DESCRIPTOR, true);
    return true;
  }

  private static boolean algorithm(Walk walk, int at, int length) {
    Sink sink = walk.sink();
    text(walk, "salg_type", at + 2, 14);
    for (int i = 0; i < 2; i++) {
      sink.field(i == 0 ? "salg_feat" : "salg_mask");
      StringBuilder words = walk.words();
      long value = walk.unsigned(at + 16 + Integer.BYTES * i, Integer.BYTES);
      Walk.hex(words, value);
      if (value != 0) {
        words.append(" /* CRYPTO_ALG_??? */");
      }
      sink.phrase(value, words);
    }
    text(walk, "salg_name", at + ALG_NAME_AT, length - ALG_NAME_AT);
    return true;
  }

  private static void text(Walk walk, String field, int at, int most) {
    walk.sink().field(field);
    walk.sink()
        .string(
            walk.memory().buffer(), at, walk.pointers().terminated(at, most), false, Quote.PATH);
  }

  /** A callsign has six letters in the upper seven bits, then four bits of number. */
  private static boolean ax25(Walk walk, int at) {
    StringBuilder words = walk.words();
    for (int i = 0; i < CALLSIGN_BYTES - 1; i++) {
      char letter = (char) (walk.unsigned(at + 2 + i, 1) >>> 1);
      if (letter == ' ') {
        break;
      }
      if (!Character.isLetterOrDigit(letter) || letter > 'z') {
        return false;
      }
      words.append(letter);
    }
    words.append('-').append(walk.unsigned(at + 2 + CALLSIGN_BYTES - 1, 1) >>> 1 & 0xf);
    walk.sink().field("sax25_call");
    walk.sink().phrase(0, words);
    walk.sink().field("sax25_ndigis");
    walk.sink().number(walk.signed32(at + 12), Kind.Format.DECIMAL, true);
    return true;
  }

  private static boolean x25(Walk walk, int at) {
    walk.sink().field("sx25_addr");
    walk.sink().beginStruct();
    text(walk, "x25_addr", at + 2, X25_BYTES - 2);
    walk.sink().endStruct(true);
    return true;
  }

  private static boolean bluetooth(Walk walk, int at, int length) {
    Sink sink = walk.sink();
    switch (length) {
      case HCI_BYTES, HCI_BYTES - 2 -> {
        int device = (int) walk.unsigned(at + 2, Short.BYTES);
        sink.field("hci_dev");
        sink.phrase(device, walk.words().append("htobs(").append(device).append(')'));
        if (length == HCI_BYTES) {
          sink.field("hci_channel");
          sink.named(walk.unsigned(at + 4, Short.BYTES), walk.names("hci_channel"));
        }
      }
      case SCO_BYTES -> hardware(walk, "sco_bdaddr", at + 2);
      case RFCOMM_BYTES -> {
        hardware(walk, "rc_bdaddr", at + 2);
        sink.field("rc_channel");
        sink.number(walk.unsigned(at + 8, 1), Kind.Format.DECIMAL, false);
      }
      case L2CAP_LEAST_BYTES, L2CAP_BYTES -> {
        dynamic(walk, "l2_psm", at + 2, FIRST_DYNAMIC_PSM, "L2CAP_PSM_DYN_START", "l2cap_psm");
        hardware(walk, "l2_bdaddr", at + 4);
        dynamic(walk, "l2_cid", at + 10, FIRST_DYNAMIC_CID, "L2CAP_CID_DYN_START", "l2cap_cid");
        if (length == L2CAP_BYTES) {
          sink.field("l2_bdaddr_type");
          sink.named(walk.unsigned(at + 12, 1), walk.names("bluetooth_address_type"));
        }
      }
      default -> {
        return false;
      }
    }
    return true;
  }

  private static void hardware(Walk walk, String field, int at) {
    walk.sink().field(field);
    walk.sink().phrase(0, colons(walk.words(), walk, at, BLUETOOTH_ADDRESS_BYTES));
  }

  /** Numbers from a certain one on are given out as they are needed. */
  private static void dynamic(
      Walk walk, String field, int at, int first, String start, String set) {
    int value = (int) walk.unsigned(at, Short.BYTES);
    if (value < first) {
      network16(walk, field, "htobs", value, walk.names(set));
      return;
    }
    StringBuilder words = walk.words().append("htobs(").append(start);
    if (value > first) {
      words.append(" + ").append(value - first);
    }
    walk.sink().field(field);
    walk.sink().phrase(value, words.append(')'));
  }

  /** {@code 01:02:03:04:05:06}. */
  static StringBuilder colons(StringBuilder words, Walk walk, int at, int count) {
    for (int i = 0; i < count; i++) {
      int octet = (int) walk.unsigned(at + i, 1);
      words.append(i == 0 ? "" : ":").append(Character.forDigit(octet >> 4, 16));
      words.append(Character.forDigit(octet & 0xf, 16));
    }
    return words;
  }
}
