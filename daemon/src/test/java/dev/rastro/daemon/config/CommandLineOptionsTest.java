package dev.rastro.daemon.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.rastro.daemon.kernel.AttachType;
import dev.rastro.daemon.kernel.CaptureOptions;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.slf4j.event.Level;
import picocli.CommandLine;

class CommandLineOptionsTest {

  private static Settings parse(String... arguments) {
    return CommandLine.populateCommand(new CommandLineOptions(), arguments).settings();
  }

  @Test
  void defaultsAreThoseOfTheHelp() {
    assertEquals(
        new Settings(
            Path.of("/run/rastro/rastrod.sock"),
            OptionalInt.empty(),
            CaptureOptions.defaults(),
            false,
            false,
            List.of(),
            Level.INFO),
        parse());
  }

  @Test
  void understandsEveryOption() {
    Settings settings =
        parse(
            "--socket",
            "/tmp/x.sock",
            "--listen-loopback",
            "0",
            "--ring-bytes",
            "1M",
            "--btf-path",
            "/boot/btf",
            "--log-level",
            "debug",
            "--attach-type",
            "tracepoint",
            "--exit-with-stdin",
            "--announce");
    assertEquals(Level.DEBUG, settings.logLevel());
    assertEquals(OptionalInt.of(0), settings.loopbackPort());
    assertEquals(1 << 20, settings.capture().ringBytes());
    assertEquals(Path.of("/boot/btf"), settings.capture().btfPath());
    assertEquals(Optional.of(AttachType.TRACEPOINT), settings.capture().attachType());
  }

  @Test
  void errorsSayOptionValueAndRemedy() {
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> parse("--ring-bytes", "many"));
    assertEquals("--ring-bytes: many is no size; give 8M, for instance", e.getMessage());
    e = assertThrows(IllegalArgumentException.class, () -> parse("--attach-type", "iter"));
    assertEquals(
        "--attach-type: iter is no type; give auto, tp_btf, raw_tp or tracepoint", e.getMessage());
    e = assertThrows(IllegalArgumentException.class, () -> parse("--ring-bytes", "3M"));
    assertEquals("--ring-bytes", e.getMessage().substring(0, 12));
    e = assertThrows(IllegalArgumentException.class, () -> parse("--listen-loopback", "70000"));
    assertEquals("--listen-loopback: 70000 is no port; give 0 to 65535", e.getMessage());
    e =
        assertThrows(
            IllegalArgumentException.class, () -> parse("--socket", "/" + "x".repeat(120)));
    assertEquals("--socket", e.getMessage().substring(0, 8));
  }
}
