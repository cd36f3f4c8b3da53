package dev.rastro.daemon.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.rastro.bpf.CaptureObject;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What a machine that lacks something is told. Each refusal is met in a process of its own. */
@Tag("kernel")
final class CaptureRefusalKernelTest {

  /** Prints how the capture is refused. */
  public static void main(String[] arguments) {
    try {
      var unused = Capture.open(CaptureObject.read(), CaptureOptions.defaults());
      System.out.println("not refused");
    } catch (CaptureException refused) {
      System.out.println(refused.reason());
      System.out.println(refused.getMessage());
      System.out.println(refused.remedy());
    }
  }

  private static List<String> refusal(String... wrapper) throws Exception {
    List<String> command = new ArrayList<>(List.of(wrapper));
    command.add(System.getProperty("java.home") + "/bin/java");
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add(CaptureRefusalKernelTest.class.getName());
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), out);
    return out.lines().toList();
  }

  @Test
  void missingCapabilitiesAreNamed() throws Exception {
    List<String> lines = refusal("setpriv", "--bounding-set=-all", "--inh-caps=-all");
    assertEquals("PRIVILEGE", lines.get(0), lines::toString);
    assertEquals(
        "load: Operation not permitted: loading BPF programs needs CAP_BPF and CAP_PERFMON",
        lines.get(1));
    assertEquals(
        "run rastrod as root, or give it the two capabilities (its systemd unit does)",
        lines.get(2));
  }

  @Test
  void missingLibraryIsNamedWithItsPackage() throws Exception {
    // An empty file stands in its place, for this process alone.
    List<String> lines =
        refusal(
            "unshare",
            "--mount",
            "sh",
            "-c",
            "for file in /usr/lib/*/libbpf.so.1 /lib/*/libbpf.so.1; do [ ! -e \"$file\" ] || mount"
                + " --bind /dev/null \"$file\"; done; exec \"$@\"",
            "sh");
    assertEquals("MISSING_LIBRARY", lines.get(0), lines::toString);
    assertEquals("libbpf.so.1", lines.get(1).substring(0, "libbpf.so.1".length()));
    assertEquals(
        "install libbpf 1.x (Debian and Ubuntu: apt install libbpf1)", lines.get(lines.size() - 1));
  }
}
