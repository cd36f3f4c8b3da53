package dev.rastro.endtoend;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Whether the kernel can have a task wait before it returns to user mode, so that what is not
 * resident is shown: from Linux 6.18 on. On an older one an address is shown, and what these tests
 * compare does not exist; UnreadKernelTest of the daemon holds there, too.
 */
final class TaskWork {
  private static final Pattern RELEASE = Pattern.compile("(\\d+)\\.(\\d+).*");
  private static final int SINCE_MAJOR = 6;
  private static final int SINCE_MINOR = 18;

  private TaskWork() {}

  static boolean isThere() {
    Matcher release = RELEASE.matcher(System.getProperty("os.version"));
    if (!release.matches()) {
      throw new AssertionError("no release of Linux: " + release);
    }
    int major = Integer.parseInt(release.group(1));
    return major > SINCE_MAJOR
        || (major == SINCE_MAJOR && Integer.parseInt(release.group(2)) >= SINCE_MINOR);
  }
}
