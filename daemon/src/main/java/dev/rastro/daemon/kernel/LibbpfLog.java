package dev.rastro.daemon.kernel;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import java.nio.charset.StandardCharsets;

/**
 * What libbpf printed since it was last cleared: its own messages and the verifier's log. libbpf
 * has one print function per process, so this is one log per process.
 */
final class LibbpfLog {
  static final int LIMIT_CHARS = 1 << 18;

  private static final int LINE_BYTES = 1 << 16;
  private static final int LEVEL_DEBUG = 2;
  private static final Memory LINE = new Memory(LINE_BYTES);
  private static final StringBuilder TEXT = new StringBuilder();

  /** Referenced for ever: libbpf keeps the bare function pointer. */
  private static final Libbpf.Print PRINT = LibbpfLog::print;

  private LibbpfLog() {}

  static synchronized void install() {
    Libbpf.libbpf_set_print(PRINT);
    TEXT.setLength(0);
  }

  static synchronized String text() {
    return TEXT.toString();
  }

  /** The last lines that say something, as one line of an error message. */
  static synchronized String tail(int lines) {
    String[] all = TEXT.toString().strip().split("\n", -1);
    StringBuilder tail = new StringBuilder();
    for (int i = Math.max(0, all.length - lines); i < all.length; i++) {
      tail.append(tail.isEmpty() ? "" : "; ").append(all[i].strip());
    }
    return tail.toString();
  }

  private static synchronized int print(int level, Pointer format, Pointer arguments) {
    if (level >= LEVEL_DEBUG) {
      return 0;
    }
    int length = Libc.vsnprintf(LINE, LINE_BYTES, format, arguments);
    if (length > 0) {
      byte[] bytes = LINE.getByteArray(0, Math.min(length, LINE_BYTES - 1));
      TEXT.append(new String(bytes, StandardCharsets.UTF_8));
      if (TEXT.length() > LIMIT_CHARS) {
        TEXT.delete(0, TEXT.length() - LIMIT_CHARS);
      }
    }
    return length;
  }
}
