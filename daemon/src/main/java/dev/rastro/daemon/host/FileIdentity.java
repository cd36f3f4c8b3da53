package dev.rastro.daemon.host;

import java.io.IOException;
import java.lang.ref.Reference;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.stream.Collectors;

/** A file by the numbers under which the kernel has it. */
public record FileIdentity(long inode, int deviceMajor, int deviceMinor) {
  // fields of a line of /proc/self/maps, see proc(5)
  private static final int DEVICE = 3;
  private static final int INODE = 4;
  private static final int PATH = 5;
  private static final int FIELDS = 6;

  private static final int HEXADECIMAL = 16;

  // st_dev as the C library packs it, see makedev(3)
  private static final int MAJOR_SHIFT = 8;
  private static final int MINOR_HIGH_SHIFT = 12;

  /**
   * As stat(2) has it, and as the kernel shows it of a mapping: on overlayfs and btrfs the device
   * that stat tells is not the one that the kernel's own structures carry.
   *
   * @throws IOException when it is not there, or is no file
   */
  public static Set<FileIdentity> of(Path file) throws IOException {
    Path real = file.toRealPath();
    if (!Files.isRegularFile(real)) {
      throw new IOException("is no regular file");
    }
    Set<FileIdentity> found = new LinkedHashSet<>();
    long inode = (Long) Files.getAttribute(real, "unix:ino");
    long device = (Long) Files.getAttribute(real, "unix:dev");
    found.add(
        new FileIdentity(
            inode,
            (int) (device >>> MAJOR_SHIFT) & 0xfff,
            (int) ((device & 0xff) | ((device >>> MINOR_HIGH_SHIFT) & 0xfff00))));
    if (Files.size(real) > 0 && Files.isReadable(real)) {
      found.addAll(mapped(real));
    }
    return found;
  }

  private static Set<FileIdentity> mapped(Path real) throws IOException {
    try (FileChannel channel = FileChannel.open(real)) {
      MappedByteBuffer mapping = channel.map(FileChannel.MapMode.READ_ONLY, 0, 1);
      try {
        return ProcFiles.read(Path.of("/proc/self/maps")).stream()
            .flatMap(String::lines)
            .map(line -> line.split(" +", FIELDS))
            .filter(line -> line.length == FIELDS && line[PATH].equals(real.toString()))
            .map(line -> parse(line[INODE], line[DEVICE]))
            .collect(Collectors.toSet());
      } finally {
        Reference.reachabilityFence(mapping);
      }
    }
  }

  private static FileIdentity parse(String inode, String device) {
    int[] numbers =
        Arrays.stream(device.split(":", 2))
            .mapToInt(number -> Integer.parseInt(number, HEXADECIMAL))
            .toArray();
    return new FileIdentity(Long.parseLong(inode), numbers[0], numbers[1]);
  }
}
