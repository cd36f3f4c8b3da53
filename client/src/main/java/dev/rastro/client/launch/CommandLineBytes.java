package dev.rastro.client.launch;

import com.sun.jna.Memory;
import dev.rastro.client.failure.ClientFailure;
import dev.rastro.client.failure.ExitStatus;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The command and its arguments, byte for byte as the user gave them.
 *
 * <p>Java decodes arguments with the locale's charset and cannot undo that under {@code LC_ALL=C}.
 * The command's arguments are the last of this process, so the kernel still has them as they were.
 */
final class CommandLineBytes {
  private static final Path OWN = Path.of("/proc/self/cmdline");

  private CommandLineBytes() {}

  /** The bytes of these, which are the last arguments of this process. */
  static List<byte[]> of(List<String> arguments) {
    List<byte[]> own;
    try {
      own = split(Files.readAllBytes(OWN));
    } catch (IOException unreadable) {
      own = List.of();
    }
    int skipped = own.size() - arguments.size();
    List<byte[]> bytes = new ArrayList<>(arguments.size());
    for (int i = 0; i < arguments.size(); i++) {
      String argument = arguments.get(i);
      byte[] encoded = argument.getBytes(StandardCharsets.UTF_8);
      boolean ascii = encoded.length == argument.length();
      bytes.add(
          ascii || skipped < 0 || !agrees(own, skipped, arguments)
              ? encoded
              : own.get(skipped + i));
    }
    return bytes;
  }

  private static boolean agrees(List<byte[]> own, int skipped, List<String> arguments) {
    Charset charset = nativeCharset();
    for (int i = 0; i < arguments.size(); i++) {
      if (!new String(own.get(skipped + i), charset).equals(arguments.get(i))) {
        return false;
      }
    }
    return true;
  }

  static Charset nativeCharset() {
    String name = System.getProperty("sun.jnu.encoding", "UTF-8");
    return Charset.isSupported(name) ? Charset.forName(name) : StandardCharsets.UTF_8;
  }

  static List<byte[]> split(byte[] terminated) {
    List<byte[]> pieces = new ArrayList<>();
    int from = 0;
    for (int i = 0; i < terminated.length; i++) {
      if (terminated[i] == 0) {
        pieces.add(Arrays.copyOfRange(terminated, from, i));
        from = i + 1;
      }
    }
    return pieces;
  }

  /**
   * Where the command is: itself when it has a slash, else the first executable of that name on the
   * search path, an empty entry of which is the current directory.
   */
  static byte[] resolve(byte[] command, String searchPath) {
    String shown = new String(command, StandardCharsets.UTF_8);
    if (new String(command, StandardCharsets.ISO_8859_1).indexOf('/') >= 0) {
      if (!exists(command)) {
        throw new ClientFailure(
            ExitStatus.NOT_FOUND, "cannot run " + shown + ": no such file or directory");
      }
      if (!executable(command)) {
        throw notExecutable(shown);
      }
      return command;
    }
    String refused = "";
    if (command.length > 0) {
      for (String directory : searchPath.split(":", -1)) {
        byte[] candidate = join(directory.isEmpty() ? "." : directory, command);
        if (executable(candidate)) {
          return candidate;
        }
        if (exists(candidate) && !isDirectory(candidate)) {
          refused = new String(candidate, StandardCharsets.UTF_8);
        }
      }
    }
    if (!refused.isEmpty()) {
      throw notExecutable(refused);
    }
    throw new ClientFailure(ExitStatus.NOT_FOUND, "cannot run '" + shown + "': command not found");
  }

  private static ClientFailure notExecutable(String path) {
    String reason =
        isDirectory(path.getBytes(StandardCharsets.UTF_8)) ? "is a directory" : "permission denied";
    return new ClientFailure(ExitStatus.NOT_EXECUTABLE, "cannot run " + path + ": " + reason);
  }

  private static byte[] join(String directory, byte[] name) {
    byte[] head = (directory + "/").getBytes(StandardCharsets.UTF_8);
    byte[] joined = Arrays.copyOf(head, head.length + name.length);
    System.arraycopy(name, 0, joined, head.length, name.length);
    return joined;
  }

  private static boolean exists(byte[] path) {
    return access(path, Libc.F_OK);
  }

  private static boolean executable(byte[] path) {
    return access(path, Libc.X_OK) && !isDirectory(path);
  }

  private static boolean isDirectory(byte[] path) {
    byte[] inside = Arrays.copyOf(path, path.length + 2);
    inside[path.length] = '/';
    inside[path.length + 1] = '.';
    return access(inside, Libc.F_OK);
  }

  private static boolean access(byte[] path, int mode) {
    try (Memory text = terminated(path)) {
      return Libc.access(text, mode) == 0;
    }
  }

  static Memory terminated(byte[] bytes) {
    Memory memory = new Memory(bytes.length + 1L);
    memory.write(0, bytes, 0, bytes.length);
    memory.setByte(bytes.length, (byte) 0);
    return memory;
  }
}
