package dev.rastro.syscalls.decode;

import dev.rastro.syscalls.record.RecordLayout;
import dev.rastro.syscalls.record.RecordReader;
import dev.rastro.syscalls.table.Errnos;
import dev.rastro.syscalls.table.Kind;
import dev.rastro.syscalls.table.Messages;
import dev.rastro.syscalls.table.Names;
import java.util.Optional;

/**
 * Messages of netlink sockets: linux/netlink.h. The capture program has told of the socket where
 * there are any, and captured them whole.
 */
final class Netlink {
  private static final int HEAD_BYTES = 16;
  private static final int TYPE_AT = 4;
  private static final int FLAGS_AT = 6;
  private static final int SEQUENCE_AT = 8;
  private static final int PORT_AT = 12;
  private static final int ALIGNMENT = 4;
  private static final int FIRST_OF_PROTOCOL = 16;
  private static final int SUBSYSTEM_SHIFT = 8;
  private static final int ROUTE_ACTIONS = 3;
  private static final int AF_NETLINK = 16;

  /** Answers within answers: an error repeats the message that it is about. */
  private static final int DEPTH_MAX = 4;

  private final Walk walk;
  private final NetlinkAttributes attributes;
  private int depth;

  Netlink(Walk walk) {
    this.walk = walk;
    this.attributes = new NetlinkAttributes(walk);
  }

  /** The address family of the message that is told. */
  long family() {
    return attributes.family();
  }

  /** The name of the protocol that the call's first argument speaks; empty when not netlink. */
  String protocol() {
    int segment = walk.memory().findDescriptor((int) walk.register(0), false);
    if (segment == RecordReader.NO_SEGMENT) {
      return "";
    }
    int at = walk.memory().segmentData(segment);
    if (walk.unsigned(at + RecordLayout.FILE_FAMILY_OFFSET, Short.BYTES) != AF_NETLINK
        || walk.unsigned(at + RecordLayout.FILE_FORM_OFFSET, 1) != RecordLayout.FORM_SOCKET) {
      return "";
    }
    long number = walk.unsigned(at + RecordLayout.FILE_PROTOCOL_OFFSET, Short.BYTES);
    String name = Walk.choice(walk.names("netlink_protocol"), number);
    // Events of devices are text.
    return name.equals("NETLINK_KOBJECT_UEVENT") ? "" : name.isEmpty() ? "NETLINK" : name;
  }

  /**
   * Tells one message or, in brackets, several.
   *
   * @param length bytes that there are
   * @param more whether there were more than were captured
   */
  void messages(String protocol, int at, int length, boolean more) {
    depth = 0;
    if (length < HEAD_BYTES) {
      walk.sink().string(walk.memory().buffer(), at, length, more, Quote.HEX);
      return;
    }
    int first = messageBytes(at, length);
    boolean several = first < length && length - first >= HEAD_BYTES && bytesSaid(at) >= HEAD_BYTES;
    if (!several) {
      message(protocol, at, Math.min(length, bytesSaid(at)), length);
      return;
    }
    int limit = walk.options().verbose() ? Integer.MAX_VALUE : walk.options().elementLimit();
    walk.sink().beginArray();
    int next = at;
    int rest = length;
    int told = 0;
    while (rest >= HEAD_BYTES && told < limit && bytesSaid(next) >= HEAD_BYTES) {
      walk.sink().element();
      message(protocol, next, Math.min(rest, bytesSaid(next)), rest);
      told++;
      int bytes = messageBytes(next, rest);
      next += bytes;
      rest -= bytes;
    }
    walk.sink().endArray(rest < HEAD_BYTES && !more);
  }

  private int bytesSaid(int at) {
    return (int) Math.min(walk.unsigned(at, Integer.BYTES), Integer.MAX_VALUE);
  }

  /** With what fills up to the next. */
  private int messageBytes(int at, int there) {
    long aligned = ((long) bytesSaid(at) + ALIGNMENT - 1) & -ALIGNMENT;
    return (int) Math.min(there, Math.max(aligned, HEAD_BYTES));
  }

  /**
   * @param length of the message, as far as there is any of it
   */
  private void message(String protocol, int at, int length, int there) {
    String type = type(protocol, at);
    boolean whole = length > HEAD_BYTES && there > HEAD_BYTES;
    if (whole) {
      walk.sink().beginArray();
      walk.sink().element();
    }
    head(protocol, type, at);
    if (whole) {
      body(protocol, type, at, length);
      walk.sink().endArray(true);
    }
  }

  private String type(String protocol, int at) {
    long type = walk.unsigned(at + TYPE_AT, Short.BYTES);
    if (type < FIRST_OF_PROTOCOL) {
      return Walk.choice(walk.names("netlink_control"), type);
    }
    return protocol.equals("NETLINK_NETFILTER")
        ? netfilter(type)
        : Walk.choice(walk.names(walk.vocabulary().netlink().types(protocol)), type);
  }

  private String netfilter(long type) {
    String subsystem = Walk.choice(walk.names("netfilter_subsystem"), type >>> SUBSYSTEM_SHIFT);
    String set = subsystem.isEmpty() ? "" : NetfilterNames.set(subsystem);
    return Walk.choice(walk.names(set), type & 0xff);
  }

  private void head(String protocol, String type, int at) {
    Sink sink = walk.sink();
    sink.beginStruct();
    sink.field("nlmsg_len");
    sink.number(walk.unsigned(at, Integer.BYTES), Kind.Format.DECIMAL, false);
    sink.field("nlmsg_type");
    typeField(protocol, type, walk.unsigned(at + TYPE_AT, Short.BYTES));
    sink.field("nlmsg_flags");
    flags(protocol, type, at);
    sink.field("nlmsg_seq");
    sink.number(walk.unsigned(at + SEQUENCE_AT, Integer.BYTES), Kind.Format.DECIMAL, false);
    sink.field("nlmsg_pid");
    sink.number(walk.signed32(at + PORT_AT), Kind.Format.DECIMAL, true);
    sink.endStruct(true);
  }

  private void typeField(String protocol, String type, long value) {
    String set = value < FIRST_OF_PROTOCOL ? "" : walk.vocabulary().netlink().types(protocol);
    if (protocol.equals("NETLINK_NETFILTER") && value >= FIRST_OF_PROTOCOL) {
      Names subsystems = walk.names("netfilter_subsystem");
      String subsystem = Walk.choice(subsystems, value >>> SUBSYSTEM_SHIFT);
      StringBuilder words = walk.words();
      if (subsystem.isEmpty()) {
        Walk.hex(words, value >>> SUBSYSTEM_SHIFT);
        words.append(" /* ").append(subsystems.prefix()).append(" */");
      } else {
        words.append(subsystem);
      }
      words.append("<<8|");
      if (type.isEmpty()) {
        Walk.hex(words, value & 0xff);
      } else {
        words.append(type);
      }
      walk.sink().phrase(value, words);
    } else {
      walk.sink().named(value, walk.names(set.isEmpty() ? "netlink_control" : set));
    }
  }

  private void flags(String protocol, String type, int at) {
    long value = walk.unsigned(at + FLAGS_AT, Short.BYTES);
    if (value == 0) {
      walk.sink().number(0, Kind.Format.DECIMAL, false);
      return;
    }
    StringBuilder words = walk.words();
    long rest = flags(words, value, walk.names("netlink_flags"));
    String more = actionFlags(protocol, type, at);
    if (!more.isEmpty()) {
      rest = flags(words, rest, walk.names(more));
    }
    if (rest != 0) {
      Walk.hex(words.append(words.length() == 0 ? "" : "|"), rest);
    }
    walk.sink().phrase(value, words);
  }

  private static long flags(StringBuilder words, long value, Names names) {
    long rest = value;
    for (int i = 0; i < names.entries().size(); i++) {
      Names.Entry entry = names.entries().get(i);
      if ((rest & entry.mask()) == entry.value()) {
        words.append(words.length() == 0 ? "" : "|").append(entry.text());
        rest &= ~entry.mask();
      }
    }
    return rest;
  }

  /** The flags that depend on what the message is for. */
  private String actionFlags(String protocol, String type, int at) {
    long number = walk.unsigned(at + TYPE_AT, Short.BYTES);
    if (number < FIRST_OF_PROTOCOL) {
      return type.equals("NLMSG_ERROR") ? "netlink_error_flags" : "";
    }
    if (protocol.equals("NETLINK_ROUTE")) {
      return switch ((int) number & ROUTE_ACTIONS) {
        case 0 -> "netlink_new_flags";
        case 1 -> "netlink_delete_flags";
        case 2 -> "netlink_get_flags";
        default -> "";
      };
    }
    if (protocol.equals("NETLINK_SOCK_DIAG")) {
      return "netlink_get_flags";
    }
    boolean acts = protocol.equals("NETLINK_NETFILTER") || protocol.equals("NETLINK_XFRM");
    if (!acts || type.startsWith("IPSET_")) {
      return "";
    }
    if (type.contains("_NEW")) {
      return "netlink_new_flags";
    }
    return type.contains("_DEL")
        ? "netlink_delete_flags"
        : type.contains("_GET") ? "netlink_get_flags" : "";
  }

  private void body(String protocol, String type, int at, int length) {
    int from = at + HEAD_BYTES;
    int bytes = length - HEAD_BYTES;
    walk.sink().element();
    switch (type) {
      case "NLMSG_DONE" -> {
        if (bytes < Integer.BYTES) {
          octets(from, bytes);
        } else {
          walk.sink().number(walk.signed32(from), Kind.Format.DECIMAL, true);
        }
      }
      case "NLMSG_ERROR" -> error(protocol, at, from, bytes);
      default -> {
        if (walk.unsigned(at + TYPE_AT, Short.BYTES) < FIRST_OF_PROTOCOL) {
          octets(from, bytes);
        } else {
          payload(protocol, type, at, from, bytes);
        }
      }
    }
  }

  private void octets(int at, int length) {
    walk.sink().string(walk.memory().buffer(), at, length, false, Quote.HEX);
  }

  private void error(String protocol, int at, int from, int bytes) {
    if (bytes < Integer.BYTES) {
      octets(from, bytes);
      return;
    }
    Sink sink = walk.sink();
    int error = walk.signed32(from);
    sink.beginStruct();
    sink.field("error");
    if (error < 0 && Errnos.isKnown(-error)) {
      sink.phrase(error, walk.words().append('-').append(Errnos.name(-error)));
    } else {
      sink.number(error, Kind.Format.DECIMAL, true);
    }
    int rest = bytes - Integer.BYTES;
    int about = from + Integer.BYTES;
    boolean capped =
        Walk.hasFlag(
            walk.names("netlink_error_flags"),
            walk.unsigned(at + FLAGS_AT, Short.BYTES),
            "NLM_F_CAPPED");
    if (rest >= HEAD_BYTES && depth < DEPTH_MAX) {
      depth++;
      sink.field("msg");
      int told = capped ? HEAD_BYTES : Math.min(rest, bytesSaid(about));
      message(protocol, about, told, rest);
      depth--;
      int next = capped ? HEAD_BYTES : messageBytes(about, rest);
      sink.endStruct(true);
      if (rest > next) {
        sink.element();
        attributes.list(
            walk.vocabulary().netlink().attributes("error"), about + next, rest - next, "");
      }
      return;
    }
    if (rest > 0) {
      sink.field("msg");
      octets(about, rest);
    }
    sink.endStruct(true);
  }

  private void payload(String protocol, String type, int at, int from, int bytes) {
    boolean request =
        Walk.hasFlag(
            walk.names("netlink_flags"),
            walk.unsigned(at + FLAGS_AT, Short.BYTES),
            "NLM_F_REQUEST");
    long number = walk.unsigned(from, 1);
    String family = Walk.choice(walk.names("socket_family"), number);
    Optional<Messages.Body> known =
        walk.vocabulary().netlink().find(protocol, type, request, family);
    if (known.isEmpty()) {
      unknown(protocol, from, bytes);
      return;
    }
    Kind.Struct head = known.get().head();
    if (bytes < head.sizeBytes()) {
      Kind.Field first = head.fields().get(0);
      walk.sink().beginStruct();
      walk.sink().field(first.name());
      walk.structs().inline(first.kind(), from);
      walk.sink().endStruct(false);
      return;
    }
    attributes.family(number);
    walk.structs().struct(head, from, bytes);
    int next = (head.sizeBytes() + ALIGNMENT - 1) & -ALIGNMENT;
    if (bytes > next) {
      walk.sink().element();
      attributes.list(known.get().attributes(), from + next, bytes - next, family);
    }
  }

  /** Where a family comes first, it at least is known. */
  private void unknown(String protocol, int from, int bytes) {
    if (!protocol.equals("NETLINK_ROUTE") && !protocol.equals("NETLINK_SOCK_DIAG")) {
      octets(from, bytes);
      return;
    }
    Sink sink = walk.sink();
    sink.beginStruct();
    sink.field("family");
    sink.named(walk.unsigned(from, 1), walk.names("socket_family"));
    if (bytes > 1) {
      sink.field("data");
      octets(from + 1, bytes - 1);
    }
    sink.endStruct(true);
  }
}
