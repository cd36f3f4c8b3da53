package dev.rastro.daemon;

import dev.rastro.daemon.config.CommandLineOptions;
import dev.rastro.daemon.config.Settings;
import dev.rastro.daemon.drain.Pulse;
import dev.rastro.daemon.host.Host;
import dev.rastro.daemon.kernel.CaptureException;
import dev.rastro.daemon.kernel.Supervisor;
import dev.rastro.daemon.logging.Logs;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.concurrent.Callable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code rastrod}: shows what the processes of this machine ask of the kernel. */
@Command(
    name = "rastrod",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false,
    description = "Traces syscalls through eBPF and serves them over gRPC.",
    footer = {
      "",
      "Needs root, or the capabilities CAP_BPF and CAP_PERFMON. Logs to stderr.",
      "SIGTERM and SIGINT stop it cleanly; nothing stays attached. SIGHUP reads --config again."
    })
public final class Main implements Callable<Integer> {

  private static final int FAILED = 1;
  private static final int USAGE = 2;

  /** Numbers of linux/capability.h. */
  private static final int CAP_SYS_ADMIN = 21;

  private static final int CAP_PERFMON = 38;
  private static final int CAP_BPF = 39;

  private static final Logger LOG = LoggerFactory.getLogger(Main.class);

  /** The journal reads a line's priority off its begin; anybody else would wonder. */
  private static final String ERROR_PREFIX =
      System.getProperty("rastro.log", "").equals("journal") ? "<3>" : "";

  @Mixin private CommandLineOptions options = new CommandLineOptions();

  @Spec private CommandSpec spec;

  private Main() {}

  public static void main(String[] arguments) {
    System.exit(commandLine().execute(arguments));
  }

  /** All options, of which help, manual page and the file of settings are made, too. */
  public static CommandLine commandLine() {
    return new CommandLine(new Main())
        .setExecutionExceptionHandler(
            (defect, line, parsed) -> {
              LOG.atDebug().setCause(defect).log("failed");
              return fail(FAILED, "internal error, please report it: " + defect, "");
            });
  }

  @Override
  public Integer call() throws InterruptedException {
    Logs.bridge();
    Settings settings;
    try {
      settings = settings();
    } catch (IllegalArgumentException e) {
      return fail(USAGE, e.getMessage(), "");
    }
    if (options.check()) {
      return 0;
    }
    Logs.setLevel(settings.logLevel());
    if (!mayTrace()) {
      return fail(
          FAILED,
          "this account may not trace: the capabilities CAP_BPF and CAP_PERFMON are missing",
          "run it as root, for instance with sudo");
    }
    try (Supervisor supervisor = Supervisor.of(System.getenv())) {
      return run(settings, supervisor);
    }
  }

  private Settings settings() {
    return options.settings(spec.commandLine().getParseResult().originalArgs());
  }

  private int run(Settings settings, Supervisor supervisor) throws InterruptedException {
    try {
      Daemon daemon = Daemon.start(settings, pulse(supervisor));
      Runtime.getRuntime()
          .addShutdownHook(new Thread(() -> stop(daemon, supervisor), "rastrod-stop"));
      if (options.hasFile()) {
        Hangup.on(() -> reload(daemon, settings, supervisor));
      }
      serving(settings, supervisor);
      daemon.awaitEnd();
      return 0;
    } catch (CaptureException e) {
      supervisor.failed(String.valueOf(e.getMessage()));
      return fail(FAILED, e.getMessage(), e.remedy());
    } catch (IOException e) {
      supervisor.failed(String.valueOf(e.getMessage()));
      return fail(FAILED, e.getMessage(), "");
    }
  }

  /** Twice within the time after which the service manager takes the daemon for stuck. */
  private static Pulse pulse(Supervisor supervisor) {
    return supervisor.watchdogNanos() == 0
        ? Pulse.NONE
        : new Pulse(supervisor::alive, Math.max(1, supervisor.watchdogNanos() / 2));
  }

  private static void serving(Settings settings, Supervisor supervisor) {
    LOG.atInfo()
        .addKeyValue("socket", settings.socket())
        .addKeyValue("version", Version.text())
        .log("serving");
    supervisor.ready("Serving on " + settings.socket());
    if (settings.announce()) {
      System.out.println("rastrod ready " + settings.socket());
      System.out.flush();
    }
    if (settings.exitWithStdin()) {
      Thread watch = new Thread(Main::exitWithStdin, "rastrod-stdin");
      watch.setDaemon(true);
      watch.start();
    }
  }

  /** What is wrong changes nothing; what cannot change while running is named. */
  private void reload(Daemon daemon, Settings started, Supervisor supervisor) {
    supervisor.reloading();
    try {
      Settings now = settings();
      Logs.setLevel(now.logLevel());
      daemon.change(now);
      LOG.info("configuration read again");
      List<String> later = started.needingRestart(now);
      if (!later.isEmpty()) {
        LOG.atWarn().addKeyValue("settings", later).log("these change at the next start");
      }
    } catch (IllegalArgumentException | IOException e) {
      LOG.atError().addKeyValue("cause", e.getMessage()).log("configuration kept as it was");
    }
    supervisor.ready("Serving on " + started.socket());
  }

  /** Blocks until the other end of stdin is gone: then so is the client that started us. */
  private static void exitWithStdin() {
    try {
      System.in.transferTo(OutputStream.nullOutputStream());
    } catch (IOException e) {
      LOG.atDebug().addKeyValue("cause", e).log("stdin ended");
    }
    System.exit(0);
  }

  private static void stop(Daemon daemon, Supervisor supervisor) {
    LOG.info("stopping");
    supervisor.stopping();
    daemon.close();
    LOG.info("stopped");
  }

  private static boolean mayTrace() {
    return Host.hasCapability(CAP_SYS_ADMIN)
        || (Host.hasCapability(CAP_BPF) && Host.hasCapability(CAP_PERFMON));
  }

  private static int fail(int status, String problem, String remedy) {
    System.err.println(
        ERROR_PREFIX + "rastrod: " + problem + (remedy.isEmpty() ? "" : "; " + remedy));
    return status;
  }
}
