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

  private static final String MACHINE = "/proc/1/root";

  private static final int HEXADECIMAL = 16;

  // st_dev as the C library packs it, see makedev(3)
  private static final int MAJOR_SHIFT = 8;
  private static final int MINOR_HIGH_SHIFT = 12;

  /**
   * As stat(2) has it, and as the kernel shows it of a mapping: on overlayfs and btrfs the device
   * that stat tells is not the one that the kernel's own structures carry.
   *
   * @param file as the machine's first process sees it: the daemon may be a service that is kept
   *     from /home, or a container
   * @throws IOException when it is not there, or is no file
   */
  public static Set<FileIdentity> of(Path file) throws IOException {
    Path there = whereItIs(file);
    if (!Files.isRegularFile(there)) {
      throw new IOException("is no regular file");
    }
    Set<FileIdentity> found = new LinkedHashSet<>();
    long inode = (Long) Files.getAttribute(there, "unix:ino");
    long device = (Long) Files.getAttribute(there, "unix:dev");
    found.add(
        new FileIdentity(
            inode,
            (int) (device >>> MAJOR_SHIFT) & 0xfff,
            (int) ((device & 0xff) | ((device >>> MINOR_HIGH_SHIFT) & 0xfff00))));
    if (Files.size(there) > 0 && Files.isReadable(there)) {
      found.addAll(mapped(there));
    }
    return found;
  }

  /** Where the first process cannot be looked at, as we see it ourselves. */
  private static Path whereItIs(Path file) {
    Path there = Path.of(MACHINE + file.toAbsolutePath());
    return Files.isRegularFile(there) ? there : file;
  }

  /** By what its mapping adds to the list of ours. */
  private static Set<FileIdentity> mapped(Path there) throws IOException {
    try (FileChannel channel = FileChannel.open(there)) {
      Set<String> before = mappings();
      MappedByteBuffer mapping = channel.map(FileChannel.MapMode.READ_ONLY, 0, 1);
      try {
        return mappings().stream()
            .filter(line -> !before.contains(line))
            .map(line -> line.split(" +", FIELDS))
            .filter(line -> line.length == FIELDS && line[PATH].startsWith("/"))
            .map(line -> parse(line[INODE], line[DEVICE]))
            .collect(Collectors.toSet());
      } finally {
        Reference.reachabilityFence(mapping);
      }
    }
  }

  private static Set<String> mappings() {
    return ProcFiles.read(Path.of("/proc/self/maps")).stream()
        .flatMap(String::lines)
        .collect(Collectors.toSet());
  }

  private static FileIdentity parse(String inode, String device) {
    int[] numbers =
        Arrays.stream(device.split(":", 2))
            .mapToInt(number -> Integer.parseInt(number, HEXADECIMAL))
            .toArray();
    return new FileIdentity(Long.parseLong(inode), numbers[0], numbers[1]);
  }
}
