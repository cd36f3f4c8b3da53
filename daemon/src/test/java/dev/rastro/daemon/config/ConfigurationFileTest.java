package dev.rastro.daemon.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.event.Level;
import picocli.CommandLine;

class ConfigurationFileTest {

  @TempDir private Path directory;

  private Settings settings(String text, String... more) throws IOException {
    Path file = Files.writeString(directory.resolve("rastrod.conf"), text);
    List<String> arguments = new java.util.ArrayList<>(List.of("--config", file.toString()));
    arguments.addAll(List.of(more));
    return CommandLine.populateCommand(new CommandLineOptions(), arguments.toArray(String[]::new))
        .settings(arguments);
  }

  private void assertRefuses(String complaint, String text) {
    IllegalArgumentException e = assertThrows(IllegalArgumentException.class, () -> settings(text));
    assertEquals(directory.resolve("rastrod.conf") + ":" + complaint, e.getMessage());
  }

  @Test
  void aLineIsAnOption() throws IOException {
    Settings settings =
        settings("# a comment\n\n  ring-bytes=1M\nlog-level =  warn  \nlisten-loopback = 0\n");
    assertEquals(1 << 20, settings.capture().ringBytes());
    assertEquals(Level.WARN, settings.logLevel());
    assertEquals(OptionalInt.of(0), settings.loopbackPort());
    assertEquals(Settings.DEFAULT_SOCKET, settings.socket());
  }

  @Test
  void theCommandLineCountsMore() throws IOException {
    Settings settings = settings("log-level = warn\nring-bytes = 1M\n", "--log-level", "error");
    assertEquals(Level.ERROR, settings.logLevel());
    assertEquals(1 << 20, settings.capture().ringBytes());
  }

  @Test
  void errorsSayFileLineAndRemedy() {
    assertRefuses("2: unknown setting ring-byte; did you mean ring-bytes?", "\nring-byte = 1M\n");
    assertRefuses("1: 'verbose' is no setting; write NAME = VALUE", "verbose");
    assertRefuses("3: log-level: given in line 1 already", "log-level=warn\n\nlog-level=info\n");
    assertRefuses("1: ring-bytes: 5x is no size; give 8M, for instance", "ring-bytes = 5x");
    assertRefuses(
        "2: listen-loopback: Invalid value for option '--listen-loopback': 'http' is not an int",
        "\nlisten-loopback = http");
    assertRefuses(
        "1: log-level: loud is no level; give error, warn, info or debug", "log-level = loud\n");
  }

  @Test
  void whatIsAboutOneStartIsNoSetting() {
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> settings("announce = yes\n"));
    assertEquals(
        directory.resolve("rastrod.conf") + ":1: unknown setting announce; there are:",
        e.getMessage()
            .substring(0, e.getMessage().indexOf(':', e.getMessage().indexOf("are")) + 1));
  }

  @Test
  void aFileThatIsNoneIsRefused() {
    IllegalArgumentException e =
        assertThrows(
            IllegalArgumentException.class,
            () -> settings("#".repeat(ConfigurationFile.MAX_BYTES + 1)));
    assertEquals(
        directory.resolve("rastrod.conf")
            + ": longer than 262144 bytes; this is no file of settings",
        e.getMessage());
  }

  @Test
  void tellsWhatNeedsARestart() throws IOException {
    Settings before = settings("log-level = warn\n");
    assertEquals(List.of(), before.needingRestart(settings("log-level = info\n")));
    assertEquals(List.of("capture"), before.needingRestart(settings("ring-bytes = 1M\n")));
    assertEquals(List.of("access"), before.needingRestart(settings("group-role = viewer\n")));
    assertEquals(
        List.of(),
        before.needingRestart(settings("tls-role = viewer=CN=a\ntls-role = admin=CN=b\n")));
  }
}
