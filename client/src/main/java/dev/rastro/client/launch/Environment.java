package dev.rastro.client.launch;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The command's environment: ours, byte for byte, but for what the user changes. */
final class Environment implements AutoCloseable {
  private final List<Memory> added = new ArrayList<>();
  private final Memory variables;

  private Environment(List<Pointer> inherited, List<byte[]> changes) {
    for (byte[] change : changes) {
      if (indexOfEquals(change) >= 0) {
        added.add(CommandLineBytes.terminated(change));
      }
    }
    variables = new Memory((inherited.size() + added.size() + 1L) * Native.POINTER_SIZE);
    variables.clear();
    long at = 0;
    for (Pointer variable : inherited) {
      variables.setPointer(at, variable);
      at += Native.POINTER_SIZE;
    }
    for (Memory variable : added) {
      variables.setPointer(at, variable);
      at += Native.POINTER_SIZE;
    }
  }

  /**
   * @param changes {@code VAR=VAL} to put in, {@code VAR} to take out; the last one of a name
   *     counts
   */
  static Environment of(List<String> changes) {
    List<byte[]> last = new ArrayList<>();
    for (String change : changes) {
      byte[] bytes = change.getBytes(nativeCharset());
      last.removeIf(earlier -> Arrays.equals(name(earlier), name(bytes)));
      last.add(bytes);
    }
    List<Pointer> inherited = new ArrayList<>();
    Pointer all = Libc.environment();
    for (long at = 0; all.getPointer(at) != null; at += Native.POINTER_SIZE) {
      Pointer variable = all.getPointer(at);
      byte[] name = name(variable.getByteArray(0, (int) variable.indexOf(0, (byte) 0)));
      if (last.stream().noneMatch(change -> Arrays.equals(name(change), name))) {
        inherited.add(variable);
      }
    }
    return new Environment(inherited, last);
  }

  private static byte[] name(byte[] variable) {
    int equals = indexOfEquals(variable);
    return equals < 0 ? variable : Arrays.copyOf(variable, equals);
  }

  private static int indexOfEquals(byte[] variable) {
    for (int i = 0; i < variable.length; i++) {
      if (variable[i] == '=') {
        return i;
      }
    }
    return -1;
  }

  private static Charset nativeCharset() {
    return CommandLineBytes.nativeCharset();
  }

  Pointer pointer() {
    return variables;
  }

  @Override
  public void close() {
    added.forEach(Memory::close);
    variables.close();
  }
}
