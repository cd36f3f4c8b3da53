package dev.rastro.daemon.kernel;

import dev.rastro.syscalls.record.RecordLayout;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The call in which a thread sleeps, as /proc/PID/task/TID/syscall (see proc(5)) tells. Any thread.
 *
 * @param number as the thread gave it
 * @param arguments all six registers
 */
public record SleepingCall(int tgid, int tid, int number, List<Long> arguments) {
  /** {@code running} has one field, a thread that sleeps outside of calls three. */
  private static final int FIELDS = 9;

  // e_ident of elf(5)
  private static final int ELF_CLASS = 4;
  private static final int ELF_CLASS_64 = 2;

  public SleepingCall {
    arguments = List.copyOf(arguments);
  }

  /** Empty when the thread runs, is gone, may not be looked at, or is of a foreign ABI. */
  public static Optional<SleepingCall> of(int tgid, int tid) {
    String line;
    try {
      Path path = Path.of("/proc/" + tgid + "/task/" + tid + "/syscall");
      line = new String(Files.readAllBytes(path), StandardCharsets.ISO_8859_1).strip();
    } catch (IOException goneOrRefused) {
      return Optional.empty();
    }
    String[] fields = line.split(" ", -1);
    if (fields.length != FIELDS || !isNative(tgid)) {
      return Optional.empty();
    }
    int number = Integer.parseInt(fields[0]);
    if (number < 0 || number >= RecordLayout.SLOT_UNKNOWN) {
      return Optional.empty();
    }
    List<Long> arguments = new ArrayList<>(RecordLayout.ARGS);
    for (int i = 0; i < RecordLayout.ARGS; i++) {
      arguments.add(Long.parseUnsignedLong(fields[1 + i].substring("0x".length()), 16));
    }
    return Optional.of(new SleepingCall(tgid, tid, number, arguments));
  }

  /** The threads of a process; empty when it is gone. */
  public static List<Integer> threads(int tgid) {
    List<Integer> threads = new ArrayList<>();
    try (DirectoryStream<Path> entries =
        Files.newDirectoryStream(Path.of("/proc/" + tgid + "/task"))) {
      for (Path entry : entries) {
        threads.add(Integer.parseInt(entry.getFileName().toString()));
      }
    } catch (IOException gone) {
      return List.of();
    }
    return threads;
  }

  /** The numbers of a 32-bit program are others, and the file does not say which these are. */
  private static boolean isNative(int tgid) {
    try (InputStream program = Files.newInputStream(Path.of("/proc/" + tgid + "/exe"))) {
      byte[] ident = program.readNBytes(ELF_CLASS + 1);
      return ident.length > ELF_CLASS && ident[ELF_CLASS] == ELF_CLASS_64;
    } catch (IOException gone) {
      return false;
    }
  }
}
