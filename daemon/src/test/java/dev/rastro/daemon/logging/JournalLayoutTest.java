package dev.rastro.daemon.logging;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.slf4j.event.KeyValuePair;

class JournalLayoutTest {
  private final JournalLayout layout = new JournalLayout();
  private final LoggerContext context = new LoggerContext();

  private String line(Level level, Throwable thrown) {
    layout.start();
    LoggingEvent event =
        new LoggingEvent("", context.getLogger("test"), level, "first\nsecond", thrown, null);
    event.setKeyValuePairs(List.of(new KeyValuePair("socket", "/run/s")));
    return layout.doLayout(event);
  }

  @Test
  void everyLineHasItsPriority() {
    assertEquals("<6>first\n<6>second socket=\"/run/s\"\n", line(Level.INFO, null));
    assertEquals("<4>first\n<4>second socket=\"/run/s\"\n", line(Level.WARN, null));
    String failed = line(Level.ERROR, new IllegalStateException("broken"));
    assertTrue(failed.contains("<3>java.lang.IllegalStateException: broken\n"), failed);
    assertTrue(failed.lines().allMatch(line -> line.startsWith("<3>")), failed);
  }
}
