package dev.rastro.daemon.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rastro.daemon.detail.Secrets;
import dev.rastro.daemon.kernel.AttachType;
import dev.rastro.daemon.kernel.CaptureOptions;
import java.nio.file.Path;
import java.util.BitSet;
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
            Secrets.USUAL,
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
  void secretsAddToTheUsualOnesOrStandAlone() {
    Settings settings = parse("--secret-path", "*/my.conf", "--secret-descriptor", "0");
    assertEquals(Secrets.USUAL.paths().size() + 1, settings.secrets().paths().size());
    assertTrue(settings.secrets().descriptors().get(0));
    assertEquals(2, settings.capture().tailNames());
    Settings alone =
        parse("--no-usual-secrets", "--secret-argument=-p", "--secret-variable", "PW*");
    assertEquals(
        new Secrets(List.of(), List.of("-p"), List.of("PW*"), new BitSet()), alone.secrets());
    assertEquals(0, alone.capture().tailNames(), "the kernel need not tell of files");
    assertTrue(parse("--no-usual-secrets").secrets().isEmpty());
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
    e = assertThrows(IllegalArgumentException.class, () -> parse("--secret-path", "a[z-a]"));
    assertEquals("--secret-path: a[z-a]: ", e.getMessage().substring(0, 23));
    e = assertThrows(IllegalArgumentException.class, () -> parse("--secret-descriptor", "-1"));
    assertEquals("--secret-descriptor: -1", e.getMessage().substring(0, 23));
  }
}
