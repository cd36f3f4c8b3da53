package dev.rastro.client.launch;

import java.io.File;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * The descriptors that this process was started with. Only these reach the command; what the
 * virtual machine and we have opened since does not.
 */
final class InheritedDescriptors {
  private static final Path OWN = Path.of("/proc/self/fd");
  private static final int LAST_STANDARD = 2;

  private final Set<Integer> inherited;

  private InheritedDescriptors(Set<Integer> inherited) {
    this.inherited = inherited;
  }

  /**
   * To be called before anything else is opened. The virtual machine has opened its own files by
   * then, which it does not always mark close-on-exec: they are known by their names.
   */
  static InheritedDescriptors ofThisProcess() {
    Set<String> ownFiles = filesOfTheVirtualMachine();
    String home = System.getProperty("java.home") + File.separator;
    Map<Integer, String> candidates = new HashMap<>();
    for (int descriptor : open()) {
      String target = target(descriptor);
      boolean gone = target.isEmpty(); // the listing's own
      if (!gone && !target.startsWith(home) && !ownFiles.contains(target)) {
        candidates.put(descriptor, target);
      }
    }
    // Loading the native library, which the first call does, opens files too: what is there must be
    // known before, and numbers may have been given anew since.
    Set<Integer> inherited = new HashSet<>();
    candidates.forEach(
        (descriptor, target) -> {
          if (Libc.fcntl(descriptor, Libc.F_GETFD, 0) == 0 && target(descriptor).equals(target)) {
            inherited.add(descriptor);
          }
        });
    return new InheritedDescriptors(inherited);
  }

  /** Marks every other descriptor, so that an exec closes it. */
  void closeOthersOnExec() {
    for (int descriptor : open()) {
      if (descriptor > LAST_STANDARD && !inherited.contains(descriptor)) {
        // One that is gone by now (the directory stream's own) needs no mark.
        int unused = Libc.fcntl(descriptor, Libc.F_SETFD, Libc.FD_CLOEXEC);
      }
    }
  }

  private static Set<Integer> open() {
    Set<Integer> descriptors = new HashSet<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(OWN)) {
      for (Path entry : entries) {
        descriptors.add(Integer.parseInt(entry.getFileName().toString()));
      }
    } catch (IOException withoutProc) {
      // Without /proc nothing can be told apart: the standard three are passed, as for any command.
      descriptors.clear();
    }
    return descriptors;
  }

  private static String target(int descriptor) {
    try {
      return Files.readSymbolicLink(OWN.resolve(Integer.toString(descriptor))).toString();
    } catch (IOException gone) {
      return "";
    }
  }

  private static Set<String> filesOfTheVirtualMachine() {
    Set<String> files = new HashSet<>();
    for (String entry : System.getProperty("java.class.path", "").split(File.pathSeparator, -1)) {
      try {
        files.add(Path.of(entry).toRealPath().toString());
      } catch (IOException missing) {
        // A class path entry that does not exist is not open either.
        files.remove(entry);
      }
    }
    return files;
  }
}
