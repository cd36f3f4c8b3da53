package dev.rastro.syscalls.decode;

import dev.rastro.syscalls.table.Kind;
import dev.rastro.syscalls.table.Messages;
import dev.rastro.syscalls.table.Messages.Payload;
import dev.rastro.syscalls.table.Names;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Attributes of netlink messages: struct nlattr, linux/netlink.h. */
final class NetlinkAttributes {
  private static final int HEAD_BYTES = 4;
  private static final int TYPE_AT = 2;
  private static final int ALIGNMENT = 4;
  private static final int TYPE_BITS = 0x3fff;
  private static final int HARDWARE_ADDRESS_MOST = 32;
  private static final int KIND_BYTES_MOST = 64;

  /** More than any message has that means something. */
  private static final int DEPTH_MAX = 16;

  private final Walk walk;
  private int depth;
  private long family;

  NetlinkAttributes(Walk walk) {
    this.walk = walk;
  }

  /** The address family of the message that is told. */
  void family(long family) {
    this.family = family;
    depth = 0;
  }

  long family() {
    return family;
  }

  /** One attribute or, in brackets, several. */
  void list(Optional<Messages.Attributes> known, int at, int length, String family) {
    if (length < HEAD_BYTES || depth >= DEPTH_MAX) {
      octets(at, length);
      return;
    }
    depth++;
    if (next(at, length) >= length
        || length - next(at, length) < HEAD_BYTES
        || said(at) < HEAD_BYTES) {
      attribute(known, at, length, at, family);
    } else {
      several(known, at, length, family);
    }
    depth--;
  }

  private void several(Optional<Messages.Attributes> known, int start, int length, String family) {
    int limit = walk.options().verbose() ? Integer.MAX_VALUE : walk.options().elementLimit();
    int at = start;
    int rest = length;
    int told = 0;
    walk.sink().beginArray();
    while (rest >= HEAD_BYTES && told < limit) {
      walk.sink().element();
      attribute(known, at, rest, start, family);
      told++;
      if (said(at) < HEAD_BYTES) {
        rest = 0;
      } else {
        int bytes = next(at, rest);
        at += bytes;
        rest -= bytes;
      }
    }
    if (rest > 0 && rest < HEAD_BYTES) {
      walk.sink().element();
      octets(at, rest);
      rest = 0;
    }
    walk.sink().endArray(rest == 0);
  }

  private int said(int at) {
    return (int) walk.unsigned(at, Short.BYTES);
  }

  private int next(int at, int there) {
    int aligned = (said(at) + ALIGNMENT - 1) & -ALIGNMENT;
    return Math.min(there, Math.max(aligned, HEAD_BYTES));
  }

  /**
   * @param start of the list that the attribute is in
   */
  private void attribute(
      Optional<Messages.Attributes> known, int at, int there, int start, String family) {
    int length = Math.min(said(at), there);
    boolean whole = length > HEAD_BYTES;
    Sink sink = walk.sink();
    if (whole) {
      sink.beginArray();
      sink.element();
    }
    int number = (int) walk.unsigned(at + TYPE_AT, Short.BYTES);
    String set = known.map(Messages.Attributes::types).orElse("");
    sink.beginStruct();
    sink.field("nla_len");
    sink.number(said(at), Kind.Format.DECIMAL, false);
    sink.field("nla_type");
    type(number, set);
    sink.endStruct(true);
    if (whole) {
      sink.element();
      String type = Walk.choice(walk.names(set), number & TYPE_BITS);
      Optional<Payload> payload = known.flatMap(list -> list.payload(type));
      int from = at + HEAD_BYTES;
      if (payload.isEmpty()
          || !payload(payload.get(), known, from, length - HEAD_BYTES, start, family)) {
        octets(from, length - HEAD_BYTES);
      }
      sink.endArray(true);
    }
  }

  private void type(int number, String set) {
    Names names = walk.names(set);
    int flags = number & ~TYPE_BITS & 0xffff;
    if (flags == 0 && !names.entries().isEmpty()) {
      walk.sink().named(number, names);
      return;
    }
    StringBuilder words = walk.words();
    for (Names.Entry entry : walk.names("nla_type").entries()) {
      if ((flags & entry.value()) != 0) {
        words.append(entry.text()).append('|');
      }
    }
    String name = Walk.choice(names, number & TYPE_BITS);
    if (name.isEmpty()) {
      words.append("0x").append(Integer.toHexString(number & TYPE_BITS));
      if (!names.prefix().isEmpty()) {
        words.append(" /* ").append(names.prefix()).append(" */");
      }
    } else {
      words.append(name);
    }
    walk.sink().phrase(number, words);
  }

  private void octets(int at, int length) {
    walk.sink().string(walk.memory().buffer(), at, length, false, Quote.HEX);
  }

  /** Whether there is as much of it as must be to be told. */
  private boolean payload(
      Payload payload,
      Optional<Messages.Attributes> known,
      int at,
      int length,
      int start,
      String family) {
    if (payload instanceof Payload.One one) {
      return one(one.kind(), at, length);
    } else if (payload instanceof Payload.Many many) {
      int bytes = Structs.sizeOf(many.element());
      if (length < bytes) {
        return false;
      }
      walk.structs().array(many.element(), at, length, 0, Structs.End.WHOLE, 0);
      return true;
    } else if (payload instanceof Payload.Indexed indexed) {
      return places(indexed, at, length);
    }
    Payload.Nested nested = (Payload.Nested) payload;
    String name = nested.list() + ending(nested, known, at, start, family);
    Optional<Messages.Attributes> list = walk.vocabulary().netlink().attributes(name);
    if (list.isEmpty() && walk.kind(name) instanceof Kind.Struct struct) {
      return one(struct, at, length);
    }
    if (list.isEmpty() && nested.by().equals(Payload.Nested.FAMILY)) {
      String general = nested.list().substring(0, Math.max(0, nested.list().length() - 1));
      list = walk.vocabulary().netlink().attributes(general);
    }
    if (list.isEmpty() || length < HEAD_BYTES) {
      return false;
    }
    list(list, at, length, family);
    return true;
  }

  /** What ends the name of a list that depends on something else. */
  private String ending(
      Payload.Nested nested,
      Optional<Messages.Attributes> known,
      int before,
      int start,
      String family) {
    if (nested.by().isEmpty()) {
      return "";
    }
    return nested.by().equals(Payload.Nested.FAMILY)
        ? family
        : textOf(nested.by(), known, start, before);
  }

  /** The text of the attribute of a type that stands before {@code end}. */
  private String textOf(String type, Optional<Messages.Attributes> known, int start, int end) {
    Names names = walk.names(known.map(Messages.Attributes::types).orElse(""));
    for (int at = start; at + HEAD_BYTES < end; at += next(at, end - at)) {
      int length = Math.min(said(at), end - at) - HEAD_BYTES;
      long number = walk.unsigned(at + TYPE_AT, Short.BYTES) & TYPE_BITS;
      if (length > 0 && length <= KIND_BYTES_MOST && Walk.choice(names, number).equals(type)) {
        byte[] text = new byte[walk.pointers().terminated(at + HEAD_BYTES, length)];
        walk.memory().buffer().get(at + HEAD_BYTES, text);
        return new String(text, StandardCharsets.US_ASCII);
      }
    }
    return "";
  }

  private boolean one(Kind kind, int at, int length) {
    if (kind instanceof Kind.Text) {
      int end = walk.pointers().terminated(at, length);
      walk.sink()
          .string(walk.memory().buffer(), at, Math.min(end, length), end == length, Quote.TEXT);
      return true;
    }
    if (kind instanceof Kind.Special special) {
      switch (special.name()) {
        case "counted_text" -> {
          int end = walk.pointers().terminated(at, length);
          walk.sink().string(walk.memory().buffer(), at, end, false, Quote.TEXT);
          return true;
        }
        case "hardware_address" -> {
          return hardwareAddress(at, length);
        }
        case "net_address" -> {
          return NetlinkValues.address(walk, family, at, length);
        }
        case "next_hops", "route_via", "diag_name", "clock_ticks" -> {
          return NetlinkValues.tell(walk, special.name(), at, length);
        }
        default -> {}
      }
    }
    if (length < Structs.sizeOf(kind)) {
      return false;
    }
    walk.structs().inline(kind, at);
    return true;
  }

  private boolean hardwareAddress(int at, int length) {
    if (length > HARDWARE_ADDRESS_MOST) {
      return false;
    }
    NetlinkValues.octets(walk, at, length);
    return true;
  }

  private boolean places(Payload.Indexed indexed, int at, int length) {
    int bytes = Structs.sizeOf(indexed.element());
    int count = length / bytes;
    if (count == 0) {
      return false;
    }
    int limit = walk.options().verbose() ? count : Math.min(count, walk.options().elementLimit());
    walk.sink().beginArray();
    for (int i = 0; i < limit; i++) {
      walk.sink().element();
      String name = Walk.choice(indexed.places(), i);
      walk.sink().index(name.isEmpty() ? unnamed(indexed.places(), i) : name);
      walk.structs().inline(indexed.element(), at + i * bytes);
    }
    walk.sink().endArray(limit == count);
    return true;
  }

  private static String unnamed(Names names, int place) {
    return names.prefix().isEmpty() ? "" + place : place + " /* " + names.prefix() + " */";
  }
}
