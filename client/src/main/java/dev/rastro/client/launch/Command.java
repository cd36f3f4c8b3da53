package dev.rastro.client.launch;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import dev.rastro.client.failure.ClientFailure;
import dev.rastro.client.failure.ExitStatus;
import dev.rastro.syscalls.table.Errnos;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A command that can be started: found, and with all that it must inherit known.
 *
 * <p>The child is ours, in our process group, with our directory, mask, environment, limits and
 * inherited descriptors; nothing of the virtual machine's (its signal handlers, its signal mask,
 * its open files) reaches it.
 */
public final class Command {
  private static final String DEFAULT_SEARCH_PATH = "/usr/local/bin:/usr/bin:/bin";

  /** Hexadecimal mask of the signals that were ignored before the virtual machine took them. */
  private static final String IGNORED_PROPERTY = "rastro.signals.ignored";

  private final byte[] path;
  private final List<byte[]> arguments;
  private final List<String> environment;
  private final InheritedDescriptors descriptors;

  private Command(
      byte[] path,
      List<byte[]> arguments,
      List<String> environment,
      InheritedDescriptors descriptors) {
    this.path = path;
    this.environment = environment;
    this.arguments = arguments;
    this.descriptors = descriptors;
  }

  /**
   * To be called first of all, before files or sockets are opened.
   *
   * @param words the command and its arguments, the last arguments of this process
   * @throws ClientFailure with status 127 or 126 when it cannot be run
   */
  public static Command find(List<String> words) {
    InheritedDescriptors descriptors = InheritedDescriptors.ofThisProcess();
    List<byte[]> bytes = CommandLineBytes.of(words);
    String searchPath = Optional.ofNullable(System.getenv("PATH")).orElse(DEFAULT_SEARCH_PATH);
    return new Command(
        CommandLineBytes.resolve(bytes.get(0), searchPath), bytes, List.of(), descriptors);
  }

  /**
   * With a changed environment.
   *
   * @param changes {@code VAR=VAL} to put in, {@code VAR} to take out
   */
  public Command withEnvironment(List<String> changes) {
    return new Command(path, arguments, List.copyOf(changes), descriptors);
  }

  /**
   * To be run by another user: what starts is a program that becomes the user and then executes the
   * command, so that the command is the second execution of the child.
   *
   * @throws ClientFailure when there is no such user, or we may not become it
   */
  public Command asUser(String user) {
    List<byte[]> words = new ArrayList<>();
    for (String word : OtherUser.prefix(user)) {
      words.add(word.getBytes(StandardCharsets.UTF_8));
    }
    byte[] setpriv = words.get(0);
    words.addAll(arguments);
    return new Command(setpriv, words, environment, descriptors);
  }

  /**
   * Starts it.
   *
   * @throws ClientFailure when the kernel refuses to execute it
   */
  public Child start() {
    restoreIgnoredSignals();
    descriptors.closeOthersOnExec();
    try (Memory file = CommandLineBytes.terminated(path);
        Memory argv = new Memory((arguments.size() + 1L) * Native.POINTER_SIZE);
        Environment variables = Environment.of(environment);
        Memory attributes = new Memory(Libc.SPAWN_ATTRIBUTES_BYTES);
        Memory pid = new Memory(Integer.BYTES)) {
      Memory[] words = arguments.stream().map(CommandLineBytes::terminated).toArray(Memory[]::new);
      argv.clear();
      for (int i = 0; i < words.length; i++) {
        argv.setPointer((long) i * Native.POINTER_SIZE, words[i]);
      }
      prepare(attributes);
      int error = Libc.posix_spawn(pid, file, null, attributes, argv, variables.pointer());
      int unused = Libc.posix_spawnattr_destroy(attributes);
      for (Memory word : words) {
        word.close();
      }
      if (error != 0) {
        throw refused(error);
      }
      return new Child(pid.getInt(0));
    }
  }

  /** With the statuses of a shell; what hinders us rather than the command has our own. */
  private ClientFailure refused(int error) {
    String shown = new String(path, StandardCharsets.UTF_8);
    String complaint = "cannot run " + shown + ": " + Errnos.text(error);
    return switch (error) {
      case Libc.ENOENT ->
          new ClientFailure(
              ExitStatus.NOT_FOUND,
              complaint + "; the interpreter or loader that it names is not there");
      case Libc.ENOEXEC ->
          new ClientFailure(
              ExitStatus.NOT_EXECUTABLE,
              complaint + "; a script without #! wants a shell: sh " + shown);
      case Libc.EAGAIN, Libc.ENOMEM -> ClientFailure.failed(complaint);
      default -> new ClientFailure(ExitStatus.NOT_EXECUTABLE, complaint);
    };
  }

  private static void prepare(Memory attributes) {
    attributes.clear();
    try (Memory set = new Memory(Libc.SIGNAL_SET_BYTES)) {
      check("posix_spawnattr_init", Libc.posix_spawnattr_init(attributes));
      set.clear();
      // We ignore SIGQUIT, and glibc's posix_spawn its own two signals; the command must not.
      set.setLong(0, 1L << (Libc.SIGQUIT - 1) | Libc.INTERNAL_SIGNALS);
      check("posix_spawnattr_setsigdefault", Libc.posix_spawnattr_setsigdefault(attributes, set));
      set.setLong(0, blockedAtStart());
      check("posix_spawnattr_setsigmask", Libc.posix_spawnattr_setsigmask(attributes, set));
      short flags = Libc.POSIX_SPAWN_SETSIGDEF | Libc.POSIX_SPAWN_SETSIGMASK;
      check("posix_spawnattr_setflags", Libc.posix_spawnattr_setflags(attributes, flags));
    }
  }

  private static void check(String operation, int error) {
    if (error != 0) {
      throw ClientFailure.failed("cannot prepare the command: " + operation + ": errno " + error);
    }
  }

  /**
   * The mask this process was started with: java's first thread only waits for the one that runs
   * Java code, so its mask is still the one that was inherited.
   */
  private static long blockedAtStart() {
    try (var lines = Files.lines(Path.of("/proc/self/status"), StandardCharsets.ISO_8859_1)) {
      return lines
          .filter(line -> line.startsWith("SigBlk:"))
          .mapToLong(line -> Long.parseUnsignedLong(line.substring(7).strip(), 16))
          .findFirst()
          .orElse(0);
    } catch (IOException withoutProc) {
      return 0;
    }
  }

  /** The virtual machine handles SIGPIPE; whoever ignored it wanted the command to ignore it. */
  private static void restoreIgnoredSignals() {
    long ignored = Long.parseUnsignedLong(System.getProperty(IGNORED_PROPERTY, "0"), 16);
    if ((ignored >>> (Libc.SIGPIPE - 1) & 1) != 0) {
      Libc.signal(Libc.SIGPIPE, Libc.SIG_IGN);
    }
  }
}
