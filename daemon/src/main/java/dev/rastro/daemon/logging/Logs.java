package dev.rastro.daemon.logging;

import ch.qos.logback.classic.Level;
import java.io.IOException;
import java.io.InputStream;
import java.util.logging.LogManager;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The log as a whole. Its form is chosen by logback.xml: for a terminal, or for the journal. */
public final class Logs {
  private static final Logger LOG = LoggerFactory.getLogger(Logs.class);

  private Logs() {}

  /** What logs through java.util.logging (gRPC does) goes where all else goes. */
  public static void bridge() {
    try (InputStream in = Logs.class.getResourceAsStream("/dev/rastro/daemon/jul.properties")) {
      LogManager.getLogManager().readConfiguration(in);
    } catch (IOException e) {
      LOG.atWarn().addKeyValue("cause", e).log("java.util.logging is not bridged");
    }
  }

  /** From now on, of our own code; libraries keep to their warnings. */
  public static void setLevel(org.slf4j.event.Level level) {
    ch.qos.logback.classic.Logger ours =
        (ch.qos.logback.classic.Logger) LoggerFactory.getLogger("dev.rastro");
    ours.setLevel(Level.convertAnSLF4JLevel(level));
  }
}
