package dev.rastro.syscalls.decode;

import dev.rastro.syscalls.table.Kind;
import dev.rastro.syscalls.table.Names;

/**
 * struct sockaddr of the rarer families. Layouts: linux/if_packet.h, vm_sockets.h, if_xdp.h,
 * if_alg.h, x25.h, nfc.h, qrtr.h, mctp.h, and those of ipx.h and of net/af_ieee802154.h;
 * bluetooth's are those of its socket calls, told apart by their size.
 */
final class OtherAddresses {
  private static final int PACKET_LEAST_BYTES = 20;
  private static final int PACKET_ADDRESS_AT = 12;
  private static final int VSOCK_BYTES = 16;
  private static final int XDP_BYTES = 16;
  private static final int ALG_BYTES = 88;
  private static final int ALG_NAME_AT = 24;
  private static final int X25_BYTES = 18;
  private static final int IPX_BYTES = 16;
  private static final int IPX_NODE_BYTES = 6;
  private static final int IEEE802154_BYTES = 20;
  private static final int NFC_BYTES = 16;
  private static final int QRTR_BYTES = 12;
  private static final int MCTP_BYTES = 12;
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
      case "AF_PACKET" -> length >= PACKET_LEAST_BYTES && packet(walk, at, length);
      case "AF_VSOCK" -> length >= VSOCK_BYTES && vsock(walk, at);
      case "AF_XDP" -> length >= XDP_BYTES && xdp(walk, at);
      case "AF_ALG" -> length >= ALG_BYTES && algorithm(walk, at, length);
      case "AF_AX25" -> length >= Ax25Addresses.BYTES && Ax25Addresses.tell(walk, at, length);
      case "AF_X25" -> length >= X25_BYTES && x25(walk, at);
      case "AF_IPX" -> length >= IPX_BYTES && ipx(walk, at);
      case "AF_IEEE802154" -> length >= IEEE802154_BYTES && ieee802154(walk, at);
      case "AF_NFC" -> length >= NFC_BYTES && nfc(walk, at);
      case "AF_QIPCRTR" -> length >= QRTR_BYTES && qrtr(walk, at);
      case "AF_MCTP" -> length >= MCTP_BYTES && mctp(walk, at);
      case "AF_BLUETOOTH" -> bluetooth(walk, at, length);
      default -> false;
    };
  }

  /** Whether an address that is known has bytes behind what is told of it. */
  static boolean hasMore(String family, int length) {
    return switch (family) {
      case "AF_AX25" -> Ax25Addresses.hasMore(length);
      case "AF_NFC" -> length > NFC_BYTES;
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

  private static boolean packet(Walk walk, int at, int length) {
    Sink sink = walk.sink();
    network16(
        walk, "sll_protocol", "htons", walk.bigEndian16(at + 2), walk.names("ethernet_protocol"));
    sink.field("sll_ifindex");
    InterfaceIndexes.tell(walk, walk.unsigned(at + 4, Integer.BYTES));
    sink.field("sll_hatype");
    sink.named(walk.unsigned(at + 8, Short.BYTES), walk.names("arp_hardware"));
    sink.field("sll_pkttype");
    sink.named(walk.unsigned(at + 10, 1), walk.names("packet_type"));
    int addressBytes = (int) walk.unsigned(at + 11, 1);
    sink.field("sll_halen");
    sink.number(addressBytes, Kind.Format.DECIMAL, false);
    if (addressBytes > 0) {
      int there = Math.min(addressBytes, length - PACKET_ADDRESS_AT);
      octets(walk, "sll_addr", at + PACKET_ADDRESS_AT, there, there == addressBytes);
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
    sink.number(walk.unsigned(at + 12, Integer.BYTES), Kind.Format.HEX, false);
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

  private static boolean x25(Walk walk, int at) {
    walk.sink().field("sx25_addr");
    walk.sink().beginStruct();
    // The last of its bytes is a NUL, or ought to be.
    int most = X25_BYTES - 2;
    int end = walk.pointers().terminated(at + 2, most);
    walk.sink().field("x25_addr");
    walk.sink()
        .string(walk.memory().buffer(), at + 2, Math.min(end, most - 1), end == most, Quote.PATH);
    walk.sink().endStruct(true);
    return true;
  }

  private static boolean ipx(Walk walk, int at) {
    Sink sink = walk.sink();
    int port = walk.bigEndian16(at + 2);
    sink.field("sipx_port");
    sink.phrase(port, walk.words().append("htons(").append(port).append(')'));
    long network = Integer.toUnsignedLong(Integer.reverseBytes(walk.signed32(at + 4)));
    StringBuilder words = walk.words().append("htonl(");
    Walk.hex(words, network);
    sink.field("sipx_network");
    sink.phrase(network, words.append(')'));
    octets(walk, "sipx_node", at + 8, IPX_NODE_BYTES, true);
    hex(walk, "sipx_type", at + 14, 1);
    hex(walk, "sipx_zero", at + 15, 1);
    return true;
  }

  private static boolean ieee802154(Walk walk, int at) {
    Sink sink = walk.sink();
    Names types = walk.names("ieee802154_address");
    long type = walk.unsigned(at + 4, Integer.BYTES);
    sink.field("addr");
    sink.beginStruct();
    sink.field("addr_type");
    sink.named(type, types);
    hex(walk, "pan_id", at + 8, Short.BYTES);
    if (Walk.choice(types, type).equals("IEEE802154_ADDR_SHORT")) {
      hex(walk, "short_addr", at + 10, Short.BYTES);
    } else {
      sink.field("hwaddr");
      sink.phrase(0, colons(walk.words(), walk, at + 10, Long.BYTES));
    }
    sink.endStruct(true);
    return true;
  }

  private static boolean nfc(Walk walk, int at) {
    Sink sink = walk.sink();
    sink.field("dev_idx");
    sink.number(walk.unsigned(at + 4, Integer.BYTES), Kind.Format.DECIMAL, false);
    hex(walk, "target_idx", at + 8, Integer.BYTES);
    sink.field("nfc_protocol");
    sink.named(walk.unsigned(at + 12, Integer.BYTES), walk.names("nfc_sockaddr_protocol"));
    return true;
  }

  private static boolean qrtr(Walk walk, int at) {
    hex(walk, "sq_node", at + 4, Integer.BYTES);
    hex(walk, "sq_port", at + 8, Integer.BYTES);
    return true;
  }

  private static boolean mctp(Walk walk, int at) {
    Sink sink = walk.sink();
    if (walk.unsigned(at + 2, Short.BYTES) != 0) {
      hex(walk, "__smctp_pad0", at + 2, Short.BYTES);
    }
    hex(walk, "smctp_network", at + 4, Integer.BYTES);
    sink.field("smctp_addr");
    sink.beginStruct();
    hex(walk, "s_addr", at + 8, 1);
    sink.endStruct(true);
    hex(walk, "smctp_type", at + 9, 1);
    hex(walk, "smctp_tag", at + 10, 1);
    if (walk.unsigned(at + 11, 1) != 0) {
      hex(walk, "__smctp_pad1", at + 11, 1);
    }
    return true;
  }

  private static void hex(Walk walk, String field, int at, int sizeBytes) {
    walk.sink().field(field);
    walk.sink().number(walk.unsigned(at, sizeBytes), Kind.Format.HEX, false);
  }

  private static void octets(Walk walk, String field, int at, int count, boolean complete) {
    walk.sink().field(field);
    walk.sink().beginArray();
    for (int i = 0; i < count; i++) {
      walk.sink().element();
      walk.sink().number(walk.unsigned(at + i, 1), Kind.Format.HEX, false);
    }
    walk.sink().endArray(complete);
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
