package dev.rastro.daemon.config;

import dev.rastro.daemon.detail.Secrets;
import dev.rastro.daemon.kernel.AttachType;
import dev.rastro.daemon.kernel.CaptureOptions;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.slf4j.event.Level;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;

/** What {@code rastrod --help} lists. Errors say option, value and remedy. */
public final class CommandLineOptions {

  private static final Pattern SIZE = Pattern.compile("(\\d{1,18})([kmg]?)");

  @Option(
      names = "--socket",
      paramLabel = "PATH",
      description =
          "Unix socket for root and the group of --group (default: /run/rastro/rastrod.sock).")
  private Path socket = Settings.DEFAULT_SOCKET;

  @Mixin private AccessOptions access = new AccessOptions();

  @Option(
      names = "--ring-bytes",
      paramLabel = "SIZE",
      description = "Kernel ring buffer, a power of two; K, M and G are understood (default: 8M).")
  private String ringBytes = Integer.toString(CaptureOptions.DEFAULT_RING_BYTES);

  @Option(
      names = "--btf-path",
      paramLabel = "PATH",
      description = "The running kernel's BTF (default: /sys/kernel/btf/vmlinux).")
  private Path btfPath = CaptureOptions.DEFAULT_BTF_PATH;

  @Option(
      names = "--attach-type",
      paramLabel = "TYPE",
      description =
          "How to attach to system calls: tp_btf, raw_tp, tracepoint, or auto for what suits the"
              + " kernel (default: auto).")
  private String attachType = AUTO;

  @Option(
      names = "--exit-with-stdin",
      description = "Stop when stdin reaches its end: a daemon for one client alone.")
  private boolean exitWithStdin;

  @Option(
      names = "--announce",
      description = "Print one line, \"rastrod ready SOCKET\", on stdout once serving.")
  private boolean announce;

  @Option(
      names = "--standing-target",
      paramLabel = "KIND=VALUE[,...]",
      description =
          "Count these processes always, for rastro summary: comm, exe, uid, cgroup, unit or"
              + " container; several in one must all hold. Can be given more than once.")
  private List<String> standingTargets = new ArrayList<>();

  @Option(
      names = "--secret-path",
      paramLabel = "PATTERN",
      description =
          "Hide what is read from files whose path ends so, and written to them: etc/shadow, *.pem."
              + " This and the next three can be given more than once, and add to the usual ones.")
  private List<String> secretPaths = new ArrayList<>();

  @Option(
      names = "--secret-argument",
      paramLabel = "PATTERN",
      description = "Hide what follows such an argument of a program: --password.")
  private List<String> secretArguments = new ArrayList<>();

  @Option(
      names = "--secret-variable",
      paramLabel = "PATTERN",
      description = "Hide the values of environment variables with such names: *token*.")
  private List<String> secretVariables = new ArrayList<>();

  @Option(
      names = "--secret-descriptor",
      paramLabel = "NUMBER",
      description = "Hide what is read from this descriptor of any process, and written to it.")
  private List<Integer> secretDescriptors = new ArrayList<>();

  @Option(
      names = "--no-usual-secrets",
      description = "Hide nothing but what the four options above name.")
  private boolean noUsualSecrets;

  @Option(
      names = "--log-level",
      paramLabel = "LEVEL",
      description = "What to log: error, warn, info or debug (default: info).")
  private String logLevel = "info";

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description =
          "File of settings: NAME = VALUE lines, the names being those of these options"
              + " (default: none). What the command line says counts more.")
  private Path config;

  @Option(names = "--check", description = "Check options and --config, and exit.")
  private boolean check;

  private static final String AUTO = "auto";

  public CommandLineOptions() {}

  /** What may stand in a file of settings. */
  public static Set<String> settingNames() {
    return ConfigurationFile.settings(new CommandLine(new CommandLineOptions())).keySet().stream()
        .map(name -> name.substring("--".length()))
        .collect(Collectors.toSet());
  }

  /** Only to be checked; nothing is to be started. */
  public boolean check() {
    return check;
  }

  /** A file of settings was named. */
  public boolean hasFile() {
    return config != null;
  }

  /**
   * The settings of the command line that these options were parsed from, and of the file that it
   * names, read anew.
   *
   * @param arguments the command line
   * @throws IllegalArgumentException with option or file and line, value and remedy
   */
  public Settings settings(List<String> arguments) {
    if (config == null) {
      return settings();
    }
    ConfigurationFile file = ConfigurationFile.at(config, new CommandLine(this));
    List<String> both = new ArrayList<>(file.arguments());
    try {
      Settings unused = parse(both);
    } catch (IllegalArgumentException e) {
      throw file.located(e);
    }
    both.addAll(arguments);
    return parse(both);
  }

  private static Settings parse(List<String> arguments) {
    CommandLineOptions options = new CommandLineOptions();
    try {
      new CommandLine(options)
          .setOverwrittenOptionsAllowed(true)
          .parseArgs(arguments.toArray(String[]::new));
    } catch (CommandLine.ParameterException e) {
      String option = e.getArgSpec() instanceof OptionSpec given ? given.longestName() + ": " : "";
      throw new IllegalArgumentException(option + e.getMessage(), e);
    }
    return options.settings();
  }

  /**
   * @throws IllegalArgumentException with option, value and remedy
   */
  Settings settings() {
    Path absolute = socket.toAbsolutePath().normalize();
    return checked(
        "--socket",
        "give another path",
        () ->
            new Settings(
                absolute,
                access.ownSocket(),
                access.loopbackPort(),
                access.tls(),
                access.tlsRoles(),
                access.settings(exitWithStdin),
                capture(),
                exitWithStdin,
                announce,
                standingTargets,
                secrets(),
                level()));
  }

  private Secrets secrets() {
    BitSet descriptors = new BitSet();
    for (int number : secretDescriptors) {
      if (number < 0) {
        throw new IllegalArgumentException(
            "--secret-descriptor: %d is no descriptor; give a number from 0 on".formatted(number));
      }
      descriptors.set(number);
    }
    Secrets named =
        Secrets.NONE
            .and(secrets("--secret-path", secretPaths, List.of(), List.of()))
            .and(secrets("--secret-argument", List.of(), secretArguments, List.of()))
            .and(secrets("--secret-variable", List.of(), List.of(), secretVariables))
            .and(new Secrets(List.of(), List.of(), List.of(), descriptors));
    return noUsualSecrets ? named : Secrets.USUAL.and(named);
  }

  private static Secrets secrets(
      String option, List<String> paths, List<String> arguments, List<String> variables) {
    return checked(
        option,
        "* stands for any characters, ? for one, [a-z] for one of these",
        () -> new Secrets(paths, arguments, variables, new BitSet()));
  }

  private Level level() {
    return switch (logLevel) {
      case "error" -> Level.ERROR;
      case "warn" -> Level.WARN;
      case "info" -> Level.INFO;
      case "debug" -> Level.DEBUG;
      default ->
          throw new IllegalArgumentException(
              "--log-level: %s is no level; give error, warn, info or debug".formatted(logLevel));
    };
  }

  private CaptureOptions capture() {
    int bytes = sizeOf(ringBytes);
    return checked(
        "--ring-bytes",
        "give 8M, for instance",
        () ->
            CaptureOptions.defaults()
                .withRingBytes(bytes)
                .withBtfPath(btfPath)
                .withAttachType(attachType()));
  }

  private Optional<AttachType> attachType() {
    Optional<AttachType> type = AttachType.ofSyscalls(attachType);
    if (type.isEmpty() && !attachType.equals(AUTO)) {
      throw new IllegalArgumentException(
          "--attach-type: %s is no type; give auto, tp_btf, raw_tp or tracepoint"
              .formatted(attachType));
    }
    return type;
  }

  private static int sizeOf(String text) {
    Matcher matcher = SIZE.matcher(text.toLowerCase(Locale.ROOT));
    if (matcher.matches()) {
      int shift = "kmg".indexOf(matcher.group(2)) * 10 + 10;
      long bytes = Long.parseLong(matcher.group(1));
      long scaled = matcher.group(2).isEmpty() ? bytes : bytes << shift;
      if (scaled > 0 && scaled <= Integer.MAX_VALUE && (scaled >> shift == bytes || shift == 10)) {
        return (int) scaled;
      }
    }
    throw new IllegalArgumentException(
        "--ring-bytes: %s is no size; give 8M, for instance".formatted(text));
  }

  /** Says which option it was, unless a nested check has said so already. */
  private static <T> T checked(
      String option, String remedy, java.util.function.Supplier<T> settings) {
    try {
      return settings.get();
    } catch (IllegalArgumentException e) {
      if (e.getMessage().startsWith("--")) {
        throw e;
      }
      throw new IllegalArgumentException("%s: %s; %s".formatted(option, e.getMessage(), remedy), e);
    }
  }
}
