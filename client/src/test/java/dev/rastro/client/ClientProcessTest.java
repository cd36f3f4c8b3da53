package dev.rastro.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.Any;
import com.google.rpc.BadRequest;
import dev.rastro.v1.GetStatusRequest;
import dev.rastro.v1.GetStatusResponse;
import dev.rastro.v1.TraceRequest;
import dev.rastro.v1.TraceResponse;
import dev.rastro.v1.TracerGrpc;
import io.grpc.Status;
import io.grpc.protobuf.StatusProto;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Exit statuses, messages, and what the traced command inherits: the client as a process. */
final class ClientProcessTest {
  private static final int SIGKILL = 9;

  @TempDir Path directory;

  private Path seen() {
    return directory.resolve("seen");
  }

  /** A shell script that goes on once the scripted daemon has seen its process. */
  private String onceSeen(String script) {
    return "until [ -e " + seen() + " ]; do :; done; " + script;
  }

  private Path socket() {
    return directory.resolve("rastrod.sock");
  }

  private ClientProcess traced(ScriptedTrace script, String... words)
      throws IOException, InterruptedException {
    try (FakeDaemon daemon = new FakeDaemon(socket(), script)) {
      return ClientProcess.run(directory, traceOf(daemon.socket(), words));
    }
  }

  private static String[] traceOf(Path socket, String... words) {
    String[] arguments = new String[words.length + 3];
    arguments[0] = "trace";
    arguments[1] = "--socket";
    arguments[2] = socket.toString();
    System.arraycopy(words, 0, arguments, 3, words.length);
    return arguments;
  }

  private static Records run(int pid) {
    return new Records()
        .call(pid, 1, Records.GETPPID, 1)
        .exec(pid, pid, 2)
        .call(pid, 3, Records.GETPPID, 1)
        .exit(pid, 4, 0);
  }

  private static final String RUN =
      "getppid()                               = 1\n+++ exited with 0 +++\n";

  @Test
  void commandIsTracedFromItsExecAndItsStatusPassedOn() throws Exception {
    ScriptedTrace script = new ScriptedTrace(seen(), ClientProcessTest::run);
    ClientProcess client = traced(script, "--", "sh", "-c", onceSeen("echo hello; exit 7"));
    assertEquals("hello\n", client.out());
    assertEquals(RUN, client.err());
    assertEquals(7, client.status());
    TraceRequest request = script.request.get(1, TimeUnit.SECONDS);
    assertEquals(1, request.getTarget().getChildrenOfCount());
    assertTrue(request.getEndWithTarget());
    assertFalse(request.getTarget().getFollowForks());
  }

  @Test
  void linesGoToTheFile() throws Exception {
    Path file = directory.resolve("out");
    ClientProcess client =
        traced(
            new ScriptedTrace(seen(), ClientProcessTest::run),
            "-o",
            file.toString(),
            "sh",
            "-c",
            onceSeen(":"));
    assertEquals("", client.err());
    assertEquals(RUN, Files.readString(file));
    assertEquals(0, client.status());
  }

  @Test
  void deathBySignalIsPassedOn() throws Exception {
    ScriptedTrace script =
        new ScriptedTrace(seen(), pid -> new Records().exec(pid, pid, 1).exit(pid, 2, SIGKILL));
    ClientProcess client = traced(script, "--", "sh", "-c", onceSeen("kill -KILL $$"));
    assertEquals("+++ killed by SIGKILL +++\n", client.err());
    assertEquals(128 + SIGKILL, client.status());
  }

  @Test
  void commandInheritsDescriptorsEnvironmentAndArgumentsAndNothingElse() throws Exception {
    Path passed = directory.resolve("passed");
    Path report = directory.resolve("report");
    try (FakeDaemon daemon =
        new FakeDaemon(socket(), new ScriptedTrace(seen(), ClientProcessTest::run))) {
      ClientProcess client =
          ClientProcess.run(
              directory,
              List.of(
                  "env",
                  "LC_ALL=C",
                  "ODD=\u00e9",
                  "sh",
                  "-c",
                  "exec 7>" + passed + "; exec \"$@\"",
                  "sh"),
              traceOf(
                  daemon.socket(),
                  "--",
                  "sh",
                  "-c",
                  onceSeen("ls /proc/self/fd > ")
                      + report
                      + "; echo seven >&7; printf %s \"$ODD|$1|\" | od -An -tx1; grep -E"
                      + " '^Sig(Blk|Ign)' /proc/self/status",
                  "sh",
                  "\u00e9"));
      assertEquals(0, client.status(), client.err());
      assertEquals("seven\n", Files.readString(passed));
      // 3 is ls reading the directory.
      assertEquals(List.of("0", "1", "2", "3", "7"), Files.readAllLines(report));
      List<String> lines = client.out().lines().toList();
      assertEquals(" c3 a9 7c c3 a9 7c", lines.get(0));
      assertEquals("SigBlk:\t0000000000000000", lines.get(1));
      assertEquals("SigIgn:\t0000000000000000", lines.get(2));
    }
  }

  @Test
  void interruptDetachesFromARunningProcess() throws Exception {
    CompletableFuture<Boolean> cancelled = new CompletableFuture<>();
    TracerGrpc.TracerImplBase script =
        new TracerGrpc.TracerImplBase() {
          @Override
          public void trace(TraceRequest request, StreamObserver<TraceResponse> client) {
            ((io.grpc.stub.ServerCallStreamObserver<TraceResponse>) client)
                .setOnCancelHandler(() -> cancelled.complete(true));
            client.onNext(ScriptedTrace.started());
            client.onNext(ScriptedTrace.packed(new Records().call(1, 1, Records.GETPPID, 0)));
          }
        };
    Path out = directory.resolve("stdout");
    Path err = directory.resolve("stderr");
    try (FakeDaemon daemon = new FakeDaemon(socket(), script)) {
      Process process =
          new ProcessBuilder(ClientProcess.command(List.of(), traceOf(daemon.socket(), "-p", "1")))
              .redirectOutput(out.toFile())
              .redirectError(err.toFile())
              .start();
      long deadline = System.nanoTime() + 300_000_000_000L;
      while (!Files.readString(err).contains("getppid") && System.nanoTime() < deadline) {
        Thread.onSpinWait();
      }
      new ProcessBuilder("kill", "-INT", Long.toString(process.pid())).start().waitFor();
      ClientProcess client = ClientProcess.await(process, out, err);
      assertEquals(
          """
          rastro: Process 1 attached
          getppid()                               = 0
          rastro: Process 1 detached
          """,
          client.err());
      assertEquals(130, client.status());
      assertTrue(cancelled.get(60, TimeUnit.SECONDS));
    }
  }

  @Test
  void missingProcessIsNamed() throws Exception {
    ClientProcess client =
        refused(Status.NOT_FOUND.withDescription("no such process: 99999").asRuntimeException());
    assertEquals("rastro: attach: no such process: 99999\n", client.err());
    assertEquals(1, client.status());
  }

  @Test
  void badFilterIsExplained() throws Exception {
    ClientProcess client =
        refused(
            StatusProto.toStatusRuntimeException(
                com.google.rpc.Status.newBuilder()
                    .setCode(Status.Code.INVALID_ARGUMENT.value())
                    .setMessage("invalid request")
                    .addDetails(
                        Any.pack(
                            BadRequest.newBuilder()
                                .addFieldViolations(
                                    BadRequest.FieldViolation.newBuilder()
                                        .setField("filter.syscalls[0]")
                                        .setDescription(
                                            "filter.syscalls[0]: conect: no such syscall; did you mean"
                                                + " connect?"))
                                .build()))
                    .build()));
    assertEquals("rastro: conect: no such syscall; did you mean connect?\n", client.err());
    assertEquals(2, client.status());
  }

  private ClientProcess refused(RuntimeException refusal) throws IOException, InterruptedException {
    TracerGrpc.TracerImplBase script =
        new TracerGrpc.TracerImplBase() {
          @Override
          public void trace(TraceRequest request, StreamObserver<TraceResponse> client) {
            client.onError(refusal);
          }
        };
    try (FakeDaemon daemon = new FakeDaemon(socket(), script)) {
      return ClientProcess.run(directory, traceOf(daemon.socket(), "-p", "99999"));
    }
  }

  @Test
  void brokenStreamIsToldAndTheCommandGoesOn() throws Exception {
    TracerGrpc.TracerImplBase script =
        new TracerGrpc.TracerImplBase() {
          @Override
          public void trace(TraceRequest request, StreamObserver<TraceResponse> client) {
            client.onNext(ScriptedTrace.started());
            int pid = ScriptedTrace.childOf(request.getTarget().getChildrenOf(0), seen());
            client.onNext(
                ScriptedTrace.packed(
                    new Records().exec(pid, pid, 1).call(pid, 2, Records.GETPPID, 1)));
            client.onError(Status.UNAVAILABLE.withDescription("going down").asRuntimeException());
          }
        };
    try (FakeDaemon daemon = new FakeDaemon(socket(), script)) {
      ClientProcess client =
          ClientProcess.run(
              directory,
              traceOf(daemon.socket(), "--reconnect=0", "--", "sh", "-c", onceSeen("echo done")));
      assertEquals("done\n", client.out());
      assertTrue(client.err().startsWith("getppid()"), client.err());
      assertTrue(client.err().contains("the command goes on untraced"), client.err());
      assertEquals(69, client.status());
    }
  }

  @Test
  void statusIsOneObjectInJson() throws Exception {
    TracerGrpc.TracerImplBase script =
        new TracerGrpc.TracerImplBase() {
          @Override
          public void getStatus(
              GetStatusRequest request, StreamObserver<GetStatusResponse> client) {
            client.onNext(GetStatusResponse.newBuilder().setVersion("1").build());
            client.onCompleted();
          }
        };
    try (FakeDaemon daemon = new FakeDaemon(socket(), script)) {
      String path = daemon.socket().toString();
      assertEquals(
          "{\"version\":\"1\"}\n",
          ClientProcess.run(directory, "status", "--output", "json", "--socket", path).out());
      ClientProcess text = ClientProcess.run(directory, "status", "--socket", path);
      assertTrue(text.out().contains("attached: no: nobody watches"), text.out());
    }
  }

  @Test
  void nobodyListeningIsToldWithTheRemedy() throws Exception {
    ClientProcess client = ClientProcess.run(directory, traceOf(socket(), "-p", "1"));
    assertEquals(
        "rastro: cannot reach rastrod at "
            + socket()
            + ": no such socket; start it (systemctl start rastrod) or run as root\n",
        client.err());
    assertEquals(69, client.status());
  }

  @Test
  void pathThatIsNoSocketIsNamed() throws Exception {
    Files.writeString(socket(), "");
    ClientProcess client = ClientProcess.run(directory, traceOf(socket(), "-p", "1"));
    assertEquals(
        "rastro: cannot reach rastrod at "
            + socket()
            + ": it is not a socket; name another with --socket\n",
        client.err());
    assertEquals(69, client.status());
  }

  @Test
  void socketOfSomethingElseIsToldApart() throws Exception {
    try (ServerSocketChannel stranger = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      stranger.bind(UnixDomainSocketAddress.of(socket()));
      Thread rude =
          new Thread(
              () -> {
                try {
                  while (true) {
                    stranger.accept().close();
                  }
                } catch (IOException closed) {
                  return;
                }
              },
              "stranger");
      rude.setDaemon(true);
      rude.start();
      ClientProcess client =
          ClientProcess.run(directory, "status", "--socket", socket().toString());
      assertTrue(client.err().contains("what listens there is something else"), client.err());
      assertEquals(69, client.status());
    }
  }

  @Test
  void commandThatCannotRunIsReportedAsAShellDoes() throws Exception {
    assertStatus(
        127, "rastro: cannot run 'no-such-command': command not found\n", "no-such-command");
    assertStatus(127, "rastro: cannot run ./no: no such file or directory\n", "./no");
    assertStatus(126, "rastro: cannot run /etc/passwd: permission denied\n", "/etc/passwd");
    assertStatus(126, "rastro: cannot run /etc: is a directory\n", "/etc");
  }

  @Test
  void commandThatTheKernelRefusesIsReportedAsAShellDoes() throws Exception {
    Path noInterpreter = script("no-interpreter", "#!/no/such/interpreter\n");
    Path noFormat = script("no-format", "\0\1\2\3");
    try (FakeDaemon daemon =
        new FakeDaemon(socket(), new ScriptedTrace(seen(), ClientProcessTest::run))) {
      assertStatus(
          daemon.socket(),
          127,
          "rastro: cannot run "
              + noInterpreter
              + ": No such file or directory; the interpreter or loader that it names is not"
              + " there\n",
          noInterpreter.toString());
      assertStatus(
          daemon.socket(),
          126,
          "rastro: cannot run "
              + noFormat
              + ": Exec format error; a script without #! wants a shell: sh "
              + noFormat
              + "\n",
          noFormat.toString());
    }
  }

  private Path script(String name, String text) throws IOException {
    Path script = Files.writeString(directory.resolve(name), text);
    Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
    return script;
  }

  @Test
  void daemonThatNeverTellsTheEndIsGivenUp() throws Exception {
    TracerGrpc.TracerImplBase silent =
        new TracerGrpc.TracerImplBase() {
          @Override
          public void trace(TraceRequest request, StreamObserver<TraceResponse> client) {
            client.onNext(ScriptedTrace.started());
          }
        };
    try (FakeDaemon daemon = new FakeDaemon(socket(), silent)) {
      assertStatus(
          daemon.socket(),
          7,
          "rastro: rastrod did not tell the end of the trace within 10 s of the command's end; the"
              + " last calls may be missing\n",
          "sh",
          "-c",
          "exit 7");
    }
  }

  @Test
  void fileThatCannotBeWrittenStopsBeforeAnythingStarts() throws Exception {
    assertStatus(
        1,
        "rastro: cannot write -o /no/such/file (No such file or directory)\n",
        "-o",
        "/no/such/file",
        "true");
  }

  @Test
  void wrongUsageIsStatusTwo() throws Exception {
    assertStatus(2, "rastro: unknown option: -Q; 'rastro trace --help' lists them\n", "-Q", "ls");
    assertStatus(
        2,
        "rastro: --pidns-translation is not supported: what a number means in a namespace is not captured with the calls\n",
        "--pidns-translation",
        "ls");
  }

  private void assertStatus(int status, String message, String... words)
      throws IOException, InterruptedException {
    assertStatus(socket(), status, message, words);
  }

  private void assertStatus(Path daemon, int status, String message, String... words)
      throws IOException, InterruptedException {
    ClientProcess client = ClientProcess.run(directory, traceOf(daemon, words));
    assertEquals(message, client.err());
    assertEquals("", client.out());
    assertEquals(status, client.status());
  }

  @Test
  void versionAndHelpNeedNoDaemon() throws Exception {
    ClientProcess version = ClientProcess.run(directory, "trace", "-V");
    assertEquals(0, version.status());
    assertTrue(version.out().startsWith("rastro "), version.out());
    for (String command : List.of("trace", "summary", "ps", "status", "syscalls", "version")) {
      ClientProcess help = ClientProcess.run(directory, command, "--help");
      assertEquals(0, help.status());
      assertTrue(help.out().contains("Examples:"), help.out());
    }
  }
}
