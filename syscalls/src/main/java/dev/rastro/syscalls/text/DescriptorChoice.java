package dev.rastro.syscalls.text;

/**
 * What is written beside a descriptor, if its record says what it stands for.
 *
 * @param paths the path, or the kernel's words for what has none
 * @param sockets protocol and ends of sockets
 * @param devices kind and numbers of device files
 * @param pidfds the pid of a pidfd
 */
public record DescriptorChoice(boolean paths, boolean sockets, boolean devices, boolean pidfds) {
  public static final DescriptorChoice NONE = new DescriptorChoice(false, false, false, false);
  public static final DescriptorChoice PATHS = new DescriptorChoice(true, false, false, false);
  public static final DescriptorChoice ALL = new DescriptorChoice(true, true, true, true);

  /** As {@code -y} given so often. */
  public static DescriptorChoice level(int count) {
    return switch (count) {
      case 0 -> NONE;
      case 1 -> PATHS;
      default -> ALL;
    };
  }

  public boolean any() {
    return paths || sockets || devices || pidfds;
  }
}
