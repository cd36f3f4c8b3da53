// SPDX-License-Identifier: Apache-2.0
package dev.rastro.daemon;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rastro.daemon.config.Settings;
import dev.rastro.daemon.detail.Secrets;
import dev.rastro.syscalls.table.Architecture;
import dev.rastro.syscalls.table.SyscallTable;
import dev.rastro.v1.Capture;
import dev.rastro.v1.Event;
import dev.rastro.v1.Filter;
import dev.rastro.v1.Form;
import dev.rastro.v1.GetStatusRequest;
import dev.rastro.v1.GetSummaryRequest;
import dev.rastro.v1.InFlight;
import dev.rastro.v1.ListInFlightRequest;
import dev.rastro.v1.ListInFlightResponse;
import dev.rastro.v1.ListProcessesRequest;
import dev.rastro.v1.Target;
import dev.rastro.v1.TraceRequest;
import io.grpc.Status;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Programs handle a canary in every way in which a secret is handled; the daemon must not send it.
 * What it sends is looked at as it goes over the wire.
 */
@Tag("kernel")
final class SecretsTest {
  /** Many times in a row, as frames may cut through one. */
  private static final String CANARY = "Xk9-canary-7";

  private static final String DATA = CANARY.repeat(40);

  /** Is no secret, to show that what is not hidden is there. */
  private static final String SPARROW = "sparrow".repeat(4);

  private static final int CHOSEN_DESCRIPTOR = 77;

  @TempDir static Path directory;

  private static Workbench bench;

  @BeforeAll
  static void start() throws Exception {
    BitSet descriptors = new BitSet();
    descriptors.set(CHOSEN_DESCRIPTOR);
    Secrets secrets = Secrets.USUAL.and(new Secrets(List.of(), List.of(), List.of(), descriptors));
    bench = Workbench.open(Settings.at(directory.resolve("run/d.sock")).withSecrets(secrets));
    Files.createDirectories(directory.resolve("etc"));
    Files.createDirectories(directory.resolve("secrets"));
    Files.writeString(directory.resolve("etc/shadow"), DATA);
    Files.writeString(directory.resolve("server.pem"), DATA);
    Files.writeString(directory.resolve("plain"), SPARROW);
    new ProcessBuilder("mkfifo", directory.resolve("secrets/pipe").toString()).start().waitFor();
  }

  @AfterAll
  static void stop() throws Exception {
    bench.close();
  }

  @AfterEach
  void endAll() {
    bench.clear();
  }

  /** Reads and writes secrets through files, copies of their descriptors, vectors and messages. */
  private static Process files() throws Exception {
    return bench.perl(
        numbered(
            """
        use POSIX; use Socket;
        <STDIN>;
        my $data = '%1$s' x 40;
        my $buffer = "\\0" x 4096; my $name = 'user.secret'; my $pem = '%2$s/server.pem';
        open my $plain, '<', '%2$s/plain'; sysread $plain, my $text, 100;
        open my $f, '<', '%2$s/etc/shadow'; sysread $f, $text, 4096;
        my $copy = POSIX::dup(fileno $f); POSIX::lseek($copy, 0, 0); POSIX::read($copy, $text, 4096);
        open my $again, '<&', $f; seek $again, 0, 0; sysread $again, $text, 4096;
        chdir '%2$s/etc'; open my $relative, '<', 'shadow'; sysread $relative, $text, 4096;
        link 'shadow', 'shadow-'; open my $linked, '<', 'shadow-'; sysread $linked, $text, 4096;
        syscall(NR_pread64, fileno $f, $buffer, 4096, 0);
        my $vector = pack 'QQQQ', unpack('Q', pack 'P', $buffer), 100, unpack('Q', pack 'P', $data), 100;
        seek $f, 0, 0; syscall(NR_readv, fileno $f, $vector, 1);
        open my $w, '+<', '%2$s/server.pem'; syswrite $w, $data; syscall(NR_writev, fileno $w, $vector, 2);
        syscall(NR_setxattr, $pem, $name, $data, 200, 0);
        syscall(NR_fsetxattr, fileno $w, $name, $data, 200, 0);
        socketpair my $a, my $b, AF_UNIX, SOCK_STREAM, 0;
        POSIX::dup2(fileno $a, 77);
        POSIX::write(77, $data, 100);
        syscall(NR_sendto, 77, $data, 100, 0, 0, 0);
        my $message = pack 'QQQQQQQ', 0, 0, unpack('Q', pack 'P', $vector), 2, 0, 0, 0;
        syscall(NR_sendmsg, 77, $message, 0);
        open my $env, '<', '/proc/self/environ'; sysread $env, $text, 4096;
        """
                .formatted(CANARY, directory)));
  }

  /** With the numbers of this machine's calls. */
  private static String numbered(String script) {
    SyscallTable table = SyscallTable.load(Architecture.current());
    return Pattern.compile("NR_(\\w+)")
        .matcher(script)
        .replaceAll(match -> Integer.toString(table.find(match.group(1)).orElseThrow().number()));
  }

  private static Process programs() throws Exception {
    return bench.perl(
        """
        <STDIN>;
        $ENV{API_TOKEN} = $ENV{DB_PASSWORD} = '%1$s' x 40;
        my $data = '%1$s' x 40;
        system '/bin/true', '--password', $data, 'last';
        system '/bin/true', "--db-password=$data";
        system '/bin/sh', '-c', "true --secret-key $data";
        system '/bin/sh', '-c', "MY_TOKEN=$data true";
        if (!fork) { exec '/no/such/program', '--password', $data; exit 1 }
        wait;
        """
            .formatted(CANARY));
  }

  private static TraceRequest.Builder request(Process program, int stringLimit) {
    return TraceRequest.newBuilder()
        .setTarget(Target.newBuilder().addPids((int) program.pid()).setFollowForks(true))
        .setEndWithTarget(true)
        .setWithLine(true)
        .setVerbose(true)
        .setWithLifecycle(true)
        .setWithBlocked(true)
        .setStringLimit(stringLimit);
  }

  private interface Programs {
    Process start() throws Exception;
  }

  /** Watches one run in each way; nothing of it has the canary. Returns the last. */
  private static Watching watch(Programs programs) throws Exception {
    List<Watching> whole = new ArrayList<>();
    for (int limit : List.of(32, 8, 4096)) {
      for (boolean descriptors : List.of(false, true)) {
        Process program = programs.start();
        TraceRequest.Builder request = request(program, limit).setWithDescriptors(descriptors);
        bench.proxy().record();
        Watching packed =
            Watching.begin(bench.connect(), request.setForm(Form.FORM_PACKED).build());
        Watching probing =
            Watching.begin(
                bench.connect(),
                request
                    .setForm(Form.FORM_DECODED)
                    .setFilter(Filter.newBuilder().addTexts(CANARY.substring(0, 6)))
                    .build());
        Watching decoded = Watching.begin(bench.connect(), request.clearFilter().build());
        assertTrue(decoded.started().getHidesSecrets());
        Workbench.round(program);
        assertEquals(Status.Code.OK, packed.awaitEnd().getCode());
        assertEquals(Status.Code.OK, probing.awaitEnd().getCode());
        assertEquals(Status.Code.OK, decoded.awaitEnd().getCode());
        Workbench.assertBalanced(packed.totals());
        assertEquals(
            0,
            probing.events().filter(Event::hasCall).count(),
            "a filter must not tell what is hidden");
        assertNoCanary(bench.proxy().recorded());
        for (Watching watching : List.of(packed, probing, decoded)) {
          watching.messages().forEach(message -> assertNoCanary(message.toByteArray()));
        }
        whole.add(decoded);
      }
    }
    return whole.get(whole.size() - 1);
  }

  private static void assertNoCanary(byte[] bytes) {
    String text = new String(bytes, ISO_8859_1);
    int at = text.indexOf(CANARY.substring(0, 7));
    assertFalse(
        at >= 0, () -> text.substring(Math.max(0, at - 200), Math.min(text.length(), at + 50)));
  }

  private static void assertLine(Watching watching, String regex) {
    Pattern pattern = Pattern.compile(regex);
    assertTrue(
        watching.events().anyMatch(event -> pattern.matcher(event.getLine()).find()),
        () ->
            "no line "
                + regex
                + " in\n"
                + String.join("\n", watching.events().map(Event::getLine).toList()));
  }

  @Test
  void noFilesDataLeave() throws Exception {
    Watching watching = watch(SecretsTest::files);
    String shadow = "<" + Pattern.quote(directory.toRealPath() + "/etc/shadow") + ">";
    assertLine(watching, "read\\(\\d+<[^>]*plain>, \"" + SPARROW + "\", ");
    assertLine(watching, "^read\\(\\d+" + shadow + ", <redacted>, ");
    assertLine(watching, "^pread64\\(\\d+" + shadow + ", <redacted>, 4096, 0\\) = 480");
    assertLine(
        watching,
        "^readv\\(\\d+" + shadow + ", \\[\\{iov_base=<redacted>, iov_len=100\\}\\], 1\\) = 100");
    assertLine(watching, "^write\\(\\d+<[^>]*server.pem>, <redacted>, 480\\) = 480");
    assertLine(watching, "^writev\\(\\d+<[^>]*server.pem>, \\[\\{iov_base=<redacted>, ");
    assertLine(watching, "^setxattr\\(\"[^\"]*server.pem\", \"user.secret\", <redacted>, 200");
    assertLine(watching, "^fsetxattr\\(\\d+<[^>]*server.pem>, \"user.secret\", <redacted>, 200");
    assertLine(watching, "^write\\(77<.*?>, <redacted>, 100\\) = 100");
    assertLine(watching, "^sendto\\(77<.*?>, <redacted>, 100, 0, NULL, 0\\) = 100");
    assertLine(watching, "^sendmsg\\(77<.*?>, \\{msg_name=NULL, .*iov_base=<redacted>");
    assertLine(watching, "^read\\(\\d+</proc/\\d+/environ>, <redacted>, ");
    assertTrue(
        watching
            .events()
            .filter(event -> event.getLine().contains("<redacted>"))
            .allMatch(
                event ->
                    event.getCall().getArgumentsList().stream()
                        .anyMatch(a -> a.getCapture() == Capture.CAPTURE_REDACTED)));
  }

  @Test
  void noArgumentsAndVariablesOfProgramsLeave() throws Exception {
    Watching watching = watch(SecretsTest::programs);
    String token = "\"API_TOKEN=\"<redacted>";
    assertLine(
        watching,
        "^execve\\(\"/bin/true\", \\[\"/bin/true\", \"--password\", <redacted>, \"last\"\\].*"
            + token);
    assertLine(watching, "\"--db-password=\"<redacted>\\]");
    assertLine(watching, "\\[\"/bin/sh\", \"-c\", \"true --secret-key \"<redacted>\\]");
    assertLine(watching, "\\[\"/bin/sh\", \"-c\", \"MY_TOKEN=\"<redacted>\\]");
    assertLine(watching, "^execve\\(\"/no/such/program\".*<redacted>.*ENOENT");
    assertLine(watching, "\"DB_PASSWORD=\"<redacted>");
  }

  @Test
  void nothingOfCallsInFlightLeaves() throws Exception {
    Process program =
        bench.start(
            new ProcessBuilder(
                "perl",
                "-e",
                "open my $f, '+<', $ARGV[0]; <STDIN>; syswrite $f, $ARGV[2] x 500;",
                directory.resolve("secrets/pipe").toString(),
                "--password",
                DATA));
    TraceRequest request = request(Asleep.reading(program), 4096).build();
    bench.proxy().record();
    Watching watching = Watching.begin(bench.connect(), request);
    Workbench.round(program);
    watching.await(
        "the call that blocks",
        () -> watching.events().anyMatch(event -> event.getLine().startsWith("write(")));
    assertLine(watching, "^write\\(\\d+, <redacted>, ");
    int pid = (int) program.pid();
    ListInFlightResponse stuck =
        bench.tracer().listInFlight(ListInFlightRequest.newBuilder().addPids(pid).build());
    InFlight call = stuck.getCalls(0);
    assertTrue(call.getLine().matches("write\\(\\d+, <redacted>, .*"), call.getLine());
    String commandLine =
        bench
            .tracer()
            .listProcesses(ListProcessesRequest.newBuilder().addPids(pid).build())
            .getProcesses(0)
            .getCommandLine();
    assertTrue(commandLine.endsWith("--password <redacted>"), commandLine);
    var unused = bench.tracer().getStatus(GetStatusRequest.getDefaultInstance());
    var unusedToo = bench.tracer().getSummary(GetSummaryRequest.getDefaultInstance());
    assertNoCanary(bench.proxy().recorded());
    watching.messages().forEach(message -> assertNoCanary(message.toByteArray()));
    assertNoCanary(stuck.toByteArray());
    watching.cancel();
  }
}
