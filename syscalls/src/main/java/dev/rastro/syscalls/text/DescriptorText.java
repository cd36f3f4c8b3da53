package dev.rastro.syscalls.text;

import dev.rastro.syscalls.decode.InternetAddresses;
import dev.rastro.syscalls.record.Descriptor;
import dev.rastro.syscalls.record.RecordLayout;
import dev.rastro.syscalls.record.RecordReader;
import dev.rastro.syscalls.table.Kind;
import dev.rastro.syscalls.table.Names;
import dev.rastro.syscalls.table.SyscallTable;
import java.nio.ByteBuffer;
import java.util.List;

/** Writes what stands behind a descriptor as strace's -y does: {@code </dev/null<char 1:3>>}. */
final class DescriptorText {
  private static final int MODE_TYPE = 0170000;
  private static final int MODE_CHARACTER = 0020000;
  private static final int MODE_BLOCK = 0060000;
  private static final int IPV4_BYTES = 4;
  private static final int IPV6_BYTES = 16;
  private static final Names UNKNOWN =
      new Names("", Names.Style.CHOICE, Names.Form.NAMES, "", List.of());

  private final DescriptorChoice choice;
  private final Names families;
  private final Names netlinkProtocols;
  private final StringBuilder words = new StringBuilder();
  private final Descriptor descriptor = new Descriptor();
  private RecordReader enter = new RecordReader();
  private RecordReader exit = new RecordReader();

  private DescriptorText(DescriptorChoice choice, Names families, Names netlinkProtocols) {
    this.choice = choice;
    this.families = families;
    this.netlinkProtocols = netlinkProtocols;
  }

  /** Writes nothing. */
  static DescriptorText none() {
    return new DescriptorText(DescriptorChoice.NONE, UNKNOWN, UNKNOWN);
  }

  static DescriptorText of(SyscallTable table, DescriptorChoice choice) {
    return new DescriptorText(
        choice, names(table, "socket_family"), names(table, "netlink_protocol"));
  }

  private static Names names(SyscallTable table, String name) {
    return table
        .kind(name)
        .filter(Kind.Named.class::isInstance)
        .map(Kind.Named.class::cast)
        .map(Kind.Named::names)
        .orElse(UNKNOWN);
  }

  /** The call whose descriptors are written from here on. */
  void begin(RecordReader enter, RecordReader exit) {
    this.enter = enter;
    this.exit = exit;
  }

  /** Nothing when the record does not say what the descriptor stands for. */
  void append(int number, boolean result, TextBuffer out) {
    if (choice.any() && find(number, result)) {
      write(out);
    }
  }

  private boolean find(int number, boolean result) {
    int segment = exit.findDescriptor(number, result);
    RecordReader found = exit;
    if (segment == RecordReader.NO_SEGMENT && enter != exit) {
      segment = enter.findDescriptor(number, result);
      found = enter;
    }
    if (segment == RecordReader.NO_SEGMENT) {
      return false;
    }
    descriptor.wrap(found, segment);
    return true;
  }

  private void write(TextBuffer out) {
    int start = out.length();
    out.append('<');
    int before = out.length();
    switch (descriptor.form()) {
      case RecordLayout.FORM_SOCKET -> socket(out);
      case RecordLayout.FORM_PIDFD -> pidfd(out);
      case RecordLayout.FORM_PATH, RecordLayout.FORM_NAMELESS -> file(out);
      case RecordLayout.FORM_PIPE -> pseudo("pipe", out);
      case RecordLayout.FORM_NAMESPACE -> namespace(out);
      case RecordLayout.FORM_ANONYMOUS -> anonymous(out);
      default -> {}
    }
    if (out.length() == before) {
      out.truncate(start);
      return;
    }
    out.append('>');
    if (descriptor.deleted()) {
      out.append("(deleted)");
    }
  }

  private void pseudo(String what, TextBuffer out) {
    if (choice.paths()) {
      out.append(what).append(":[").appendUnsigned(descriptor.inode()).append(']');
    }
  }

  private void namespace(TextBuffer out) {
    if (choice.paths()) {
      int name = descriptor.names();
      out.appendEscaped(descriptor.buffer(), name, end(name) - name).append(":[");
      out.appendUnsigned(descriptor.inode()).append(']');
    }
  }

  private void anonymous(TextBuffer out) {
    if (choice.paths()) {
      int name = descriptor.names();
      out.append("anon_inode:").appendEscaped(descriptor.buffer(), name, end(name) - name);
    }
  }

  private void pidfd(TextBuffer out) {
    if (choice.pidfds()) {
      out.append("pid:").appendDecimal(descriptor.id());
    } else if (choice.paths()) {
      out.append("anon_inode:[pidfd]");
    }
  }

  // ---- files ----

  private void file(TextBuffer out) {
    int type = descriptor.mode() & MODE_TYPE;
    boolean device = choice.devices() && (type == MODE_CHARACTER || type == MODE_BLOCK);
    if (!choice.paths() && !device) {
      return;
    }
    path(out);
    if (device) {
      out.append(type == MODE_CHARACTER ? "<char " : "<block ");
      out.appendDecimal(descriptor.deviceMajor()).append(':');
      out.appendDecimal(descriptor.deviceMinor()).append('>');
    }
  }

  /** The names stand there from the last to the first. */
  private void path(TextBuffer out) {
    int first = descriptor.names();
    int end = first + descriptor.nameBytes();
    if (end == first) {
      out.append('/');
    } else if (descriptor.cut()) {
      out.append("...");
    }
    while (end > first) {
      int name = end - 1;
      while (name > first && descriptor.buffer().get(name - 1) != 0) {
        name--;
      }
      out.append('/').appendEscaped(descriptor.buffer(), name, end(name) - name);
      end = name;
    }
  }

  /** Where a name's NUL is. */
  private int end(int name) {
    int limit = descriptor.names() + descriptor.nameBytes();
    int end = name;
    while (end < limit && descriptor.buffer().get(end) != 0) {
      end++;
    }
    return end;
  }

  // ---- sockets ----

  private void socket(TextBuffer out) {
    if (!choice.sockets()) {
      pseudo("socket", out);
      return;
    }
    switch (name(families, descriptor.family())) {
      case "AF_INET" -> inet(IPV4_BYTES, out);
      case "AF_INET6" -> inet(IPV6_BYTES, out);
      case "AF_UNIX" -> unix(out);
      case "AF_NETLINK" -> netlink(out);
      default -> out.append("socket:[").appendUnsigned(descriptor.inode()).append(']');
    }
  }

  private int protocol(TextBuffer out) {
    int name = descriptor.names();
    int end = end(name);
    out.appendEscaped(descriptor.buffer(), name, end - name).append(":[");
    return end + 1;
  }

  /** Before a socket has a port of its own it has no address either: its inode tells it apart. */
  private void inet(int addressBytes, TextBuffer out) {
    var unused = protocol(out);
    if (descriptor.localPort() == 0 || isRaw()) {
      out.appendUnsigned(descriptor.inode()).append(']');
      return;
    }
    end(descriptor.localAddress(), addressBytes, descriptor.localPort(), out);
    if (descriptor.remotePort() != 0) {
      out.append("->");
      end(descriptor.remoteAddress(), addressBytes, descriptor.remotePort(), out);
    }
    out.append(']');
  }

  /** The kernel keeps a raw socket's protocol where others have their port. */
  private boolean isRaw() {
    return descriptor.buffer().get(descriptor.names()) == 'R';
  }

  private void end(int address, int bytes, int port, TextBuffer out) {
    words.setLength(0);
    if (bytes == IPV4_BYTES) {
      InternetAddresses.dotted(words, descriptor.buffer(), address);
      out.append(words);
    } else {
      InternetAddresses.colons(words, descriptor.buffer(), address);
      out.append('[').append(words).append(']');
    }
    out.append(':').appendDecimal(port);
  }

  private void unix(TextBuffer out) {
    int path = protocol(out);
    ByteBuffer buffer = descriptor.buffer();
    int bytes = descriptor.names() + descriptor.nameBytes() - path;
    out.appendUnsigned(descriptor.inode());
    if (descriptor.peer() != 0) {
      out.append("->").appendUnsigned(descriptor.peer());
    }
    if (bytes > 0 && buffer.get(path) == 0) {
      out.append(",@").appendQuoted(buffer, path + 1, bytes - 1);
    } else if (bytes > 0) {
      out.append(',').appendQuoted(buffer, path, end(path) - path);
    }
    out.append(']');
  }

  private void netlink(TextBuffer out) {
    var unused = protocol(out);
    if (!descriptor.bound()) {
      out.appendUnsigned(descriptor.inode()).append(']');
      return;
    }
    words.setLength(0);
    String name = name(netlinkProtocols, descriptor.protocol());
    int prefix = name.indexOf('_') + 1;
    if (name.isEmpty()) {
      out.appendDecimal(descriptor.protocol());
    } else {
      out.append(words.append(name, prefix, name.length()));
    }
    out.append(':').appendUnsigned(descriptor.id() & 0xffffffffL).append(']');
  }

  private static String name(Names names, long value) {
    List<Names.Entry> entries = names.entries();
    for (int i = 0; i < entries.size(); i++) {
      if (entries.get(i).value() == value) {
        return entries.get(i).text();
      }
    }
    return "";
  }
}
