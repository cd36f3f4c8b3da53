package dev.rastro.daemon;

import dev.rastro.daemon.config.CommandLineOptions;
import dev.rastro.daemon.config.Settings;
import dev.rastro.daemon.host.Host;
import dev.rastro.daemon.kernel.CaptureException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.concurrent.Callable;
import java.util.logging.LogManager;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

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
      "SIGTERM and SIGINT stop it cleanly; nothing stays attached."
    })
public final class Main implements Callable<Integer> {

  private static final int FAILED = 1;
  private static final int USAGE = 2;

  /** Numbers of linux/capability.h. */
  private static final int CAP_SYS_ADMIN = 21;

  private static final int CAP_PERFMON = 38;
  private static final int CAP_BPF = 39;

  private static final Logger LOG = LoggerFactory.getLogger(Main.class);

  @Mixin private CommandLineOptions options = new CommandLineOptions();

  private Main() {}

  public static void main(String[] arguments) {
    System.exit(new CommandLine(new Main()).execute(arguments));
  }

  @Override
  public Integer call() throws InterruptedException {
    bridgeLogging();
    Settings settings;
    try {
      settings = options.settings();
    } catch (IllegalArgumentException e) {
      return fail(USAGE, e.getMessage(), "");
    }
    if (!mayTrace()) {
      return fail(
          FAILED,
          "this account may not trace: the capabilities CAP_BPF and CAP_PERFMON are missing",
          "run it as root, for instance with sudo");
    }
    try {
      Daemon daemon = Daemon.start(settings);
      Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(daemon), "rastrod-stop"));
      serving(settings);
      daemon.awaitEnd();
      return 0;
    } catch (CaptureException e) {
      return fail(FAILED, e.getMessage(), e.remedy());
    } catch (IOException e) {
      return fail(FAILED, e.getMessage(), "");
    }
  }

  private static void serving(Settings settings) {
    LOG.atInfo()
        .addKeyValue("socket", settings.socket())
        .addKeyValue("version", Version.text())
        .log("serving");
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

  /** Blocks until the other end of stdin is gone: then so is the client that started us. */
  private static void exitWithStdin() {
    try {
      System.in.transferTo(OutputStream.nullOutputStream());
    } catch (IOException e) {
      LOG.atDebug().addKeyValue("cause", e).log("stdin ended");
    }
    System.exit(0);
  }

  private static void stop(Daemon daemon) {
    LOG.info("stopping");
    daemon.close();
    LOG.info("stopped");
  }

  private static boolean mayTrace() {
    return Host.hasCapability(CAP_SYS_ADMIN)
        || (Host.hasCapability(CAP_BPF) && Host.hasCapability(CAP_PERFMON));
  }

  private static int fail(int status, String problem, String remedy) {
    System.err.println("rastrod: " + problem + (remedy.isEmpty() ? "" : "; " + remedy));
    return status;
  }

  /** What logs through java.util.logging (gRPC does) goes where all else goes. */
  private static void bridgeLogging() {
    try (InputStream in = Main.class.getResourceAsStream("jul.properties")) {
      LogManager.getLogManager().readConfiguration(in);
    } catch (IOException e) {
      LOG.atWarn().addKeyValue("cause", e).log("java.util.logging is not bridged");
    }
  }
}
