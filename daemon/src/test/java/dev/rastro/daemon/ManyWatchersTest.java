// SPDX-License-Identifier: Apache-2.0
package dev.rastro.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.rastro.daemon.config.Settings;
import dev.rastro.daemon.drain.Cgroup;
import dev.rastro.syscalls.record.BatchReader;
import dev.rastro.syscalls.record.PendingEntries;
import dev.rastro.syscalls.record.RecordLayout;
import dev.rastro.syscalls.record.RecordReader;
import dev.rastro.syscalls.table.Architecture;
import dev.rastro.syscalls.table.SyscallTable;
import dev.rastro.syscalls.text.LineWriter;
import dev.rastro.syscalls.text.TextBuffer;
import dev.rastro.syscalls.text.TextOptions;
import dev.rastro.v1.Event;
import dev.rastro.v1.Filter;
import dev.rastro.v1.Form;
import dev.rastro.v1.GetStatusRequest;
import dev.rastro.v1.NamespacePid;
import dev.rastro.v1.Outcome;
import dev.rastro.v1.Progress;
import dev.rastro.v1.Target;
import dev.rastro.v1.TraceRequest;
import dev.rastro.v1.TraceResponse;
import io.grpc.Status;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Twelve watchers of one program, each with a target and a filter of its own, while the machine
 * compiles, serves and forks: each is told what it is told when it watches alone.
 */
@Tag("kernel")
@Tag("once")
final class ManyWatchersTest {
  private static final String USER = "61234";
  private static final String NAME = "rastro-mixture";

  /** What the program does in its own right; the runtime's calls differ from run to run. */
  private static final Pattern OWN =
      Pattern.compile(
          "^(umask|chdir|p?select6?|wait4|exit_group|execve|\\+\\+\\+|---)\\W.*"
              + "|^(openat|read|close)\\(.*(plain|\"text|= 0$).*");

  @TempDir static Path directory;

  private static Workbench bench;
  private static Path cgroup;
  private final List<Process> noise = new ArrayList<>();

  @BeforeAll
  static void start() throws Exception {
    bench = Workbench.open(Settings.at(directory.resolve("run/d.sock")));
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
    Files.writeString(directory.resolve("plain"), "text of a file");
    Files.copy(
        Path.of("/usr/bin/perl").toRealPath(),
        directory.resolve(NAME),
        StandardCopyOption.COPY_ATTRIBUTES);
    cgroup = Cgroup.make("rastro-test-" + ProcessHandle.current().pid());
  }

  @AfterAll
  static void stop() throws Exception {
    bench.close();
    Files.delete(cgroup);
  }

  /** Waits for a line, then does what it always does. */
  private static Process program() throws Exception {
    String script =
        """
        <STDIN>;
        for (1..30) { umask $_ for 1..5; chdir '/none'; chdir '/' }
        for (1..10) { open my $f, '<', '%1$s/plain'; sysread $f, my $t, 100; close $f }
        if (!fork) { umask 7; exec '/bin/true', 'child' }
        wait;
        select undef, undef, undef, 1.5;
        umask 8;
        """
            .formatted(directory);
    Process program =
        bench.start(
            new ProcessBuilder(
                "setpriv",
                "--reuid=" + USER,
                "--regid=" + USER,
                "--clear-groups",
                directory.resolve(NAME).toString(),
                "-e",
                "$| = 1; print qq(ready\\n);" + script));
    assertEquals("ready", program.inputReader().readLine());
    Files.writeString(cgroup.resolve("cgroup.procs"), Long.toString(program.pid()));
    return program;
  }

  private static Target.Builder target() {
    return Target.newBuilder();
  }

  private static Filter.Builder filter(String... syscalls) {
    return Filter.newBuilder().addAllSyscalls(List.of(syscalls));
  }

  private static TraceRequest.Builder request(Target.Builder target, Filter.Builder filter) {
    return TraceRequest.newBuilder().setTarget(target).setFilter(filter).setWithLine(true);
  }

  /** By what they are there for. */
  private static Map<String, TraceRequest.Builder> watchers(Process program) {
    int pid = (int) program.pid();
    String exe = directory.resolve(NAME).toString();
    String group = "/" + cgroup.getFileName();
    Map<String, TraceRequest.Builder> all = new LinkedHashMap<>();
    all.put("pid", request(target().addPids(pid), filter()));
    all.put(
        "pid and what it starts, lives too",
        request(target().addPids(pid).setFollowForks(true), filter()).setWithLifecycle(true));
    all.put("thread, by calls", request(target().addTids(pid), filter("umask", "chdir")));
    all.put(
        "number in a namespace, by error",
        request(
            target().addNamespacePids(NamespacePid.newBuilder().setPid(pid)),
            filter().addErrnos("ENOENT")));
    all.put(
        "name, failed calls",
        request(target().addComms(NAME), filter().setOutcome(Outcome.OUTCOME_FAILED)));
    all.put(
        "file that runs, by a path",
        request(target().addExecutables(exe), filter().addPaths(directory + "/plain")));
    all.put("user, by a text", request(target().addUsers(USER), filter().addTexts("\"/none\"")));
    all.put(
        "cgroup, slow calls",
        request(
            target().addCgroups(group).setFollowForks(true),
            filter("umask", "/select").setMinDurationNanos(1_000_000_000)));
    all.put(
        "everybody, one call",
        request(target().setEverything(true), filter("umask").addSignals("none")));
    all.put(
        "name and user, descriptors told",
        request(target().addComms(NAME).addUsers(USER), filter().addDenySyscalls("%memory"))
            .setWithDescriptors(true));
    all.put("pid, by a descriptor", request(target().addPids(pid), filter().addDescriptors("3")));
    all.put(
        "user and file, quick calls, packed",
        request(
                target().addUsers(USER).addExecutables(exe),
                filter("umask", "chdir", "/select").setMaxDurationNanos(1_000_000_000))
            .setForm(Form.FORM_PACKED));
    assertEquals(12, all.size());
    return all;
  }

  @Test
  void eachSeesWhatItSeesAlone() throws Exception {
    Map<String, List<String>> alone = new LinkedHashMap<>();
    List<String> names = List.copyOf(watchers(program()).keySet());
    for (String name : names) {
      Process program = program();
      Watching watching = Watching.begin(bench.connect(), watchers(program).get(name).build());
      Workbench.round(program);
      assertEquals(0, program.waitFor());
      alone.put(name, finish(watching, program, 1));
      assertFalse(alone.get(name).isEmpty(), name);
    }
    bench.clear();
    makeNoise();
    Process program = program();
    Map<String, Watching> together = new LinkedHashMap<>();
    for (var watcher : watchers(program).entrySet()) {
      together.put(watcher.getKey(), Watching.begin(bench.connect(), watcher.getValue().build()));
    }
    Workbench.round(program);
    assertEquals(0, program.waitFor());
    for (String name : names) {
      List<String> expected = alone.get(name);
      assertEquals(
          String.join("\n", expected),
          String.join("\n", finish(together.get(name), program, expected.size())),
          name);
    }
    for (Process one : noise) {
      one.destroy();
      one.waitFor();
    }
  }

  /**
   * The lines of a stream after the program's end.
   *
   * @param count of them that there must be at least
   */
  private static List<String> finish(Watching watching, Process program, int count)
      throws Exception {
    int pid = (int) program.pid();
    watching.await(count + " lines", () -> lines(watching, pid).size() >= count);
    // The drain goes round once more, so that it has seen all that the program did.
    for (int i = 0; i < 2; i++) {
      var unused = bench.tracer().getStatus(GetStatusRequest.getDefaultInstance());
    }
    // And none that should not be there: they would have come by then.
    long before = watching.progress().size();
    watching.await("progress", () -> watching.progress().size() >= before + 2);
    watching.cancel();
    assertEquals(Status.Code.CANCELLED, watching.awaitEnd().getCode());
    assertEquals(0, watching.messages().stream().filter(TraceResponse::hasGap).count());
    for (Progress now : watching.progress()) {
      assertEquals(
          now.getObserved(),
          now.getDelivered() + now.getFiltered() + now.getQueued(),
          now::toString);
      assertEquals(0, now.getLostCount(), now::toString);
    }
    return lines(watching, pid);
  }

  private static List<String> lines(Watching watching, int pid) {
    List<String> lines = new ArrayList<>();
    Map<Integer, String> names = new LinkedHashMap<>();
    names.put(pid, "P");
    for (TraceResponse message : watching.messages()) {
      for (Event event : message.getEvents().getEventsList()) {
        int process = event.getProcess().getPid();
        if (event.hasFork() && names.containsKey(process)) {
          names.putIfAbsent(event.getFork().getChild().getPid(), "C");
        }
        add(lines, names, process, pid, event.getLine());
      }
      addPacked(lines, names, pid, message.getPacked().getRecords().asReadOnlyByteBuffer());
    }
    return lines;
  }

  private static void addPacked(
      List<String> lines, Map<Integer, String> names, int pid, ByteBuffer records) {
    LineWriter writer =
        new LineWriter(SyscallTable.load(Architecture.current()), TextOptions.DEFAULT);
    PendingEntries entries = new PendingEntries();
    BatchReader batch =
        new BatchReader().wrap(records.order(ByteOrder.LITTLE_ENDIAN), 0, records.limit());
    while (batch.next()) {
      RecordReader record = batch.record();
      TextBuffer line = new TextBuffer();
      if (record.kind() == RecordLayout.CALL) {
        writer.call(entries.take(record), record, line);
      }
      add(lines, names, record.tgid(), pid, line.toString());
    }
  }

  /** Those of the program, and of its child, without what differs from run to run. */
  private static void add(
      List<String> lines, Map<Integer, String> names, int process, int pid, String line) {
    boolean ours = names.containsKey(process) || line.contains("umask(007)");
    if (ours && OWN.matcher(line).find()) {
      String who = process == pid ? "P " : "C ";
      lines.add(
          who
              + line.replaceAll("0x[0-9a-f]+", "X")
                  .replaceAll("si_pid=\\d+|si_uid=\\d+|si_[us]time=\\d+", "N")
                  .replaceAll("^wait4\\(-?\\d+|= \\d{3,}$", "N")
                  .replaceAll(" +", " "));
    }
  }

  /** A build, a web server under load, and processes that do nothing but start others. */
  private void makeNoise() throws Exception {
    String build =
        """
        # A shell ends by that when the compiler has, which then leaves no more files behind.
        trap exit TERM
        i=0
        while :; do
          i=$((i + 1))
          printf '#include <stdio.h>\\nint f%d(int x) { printf("%%d", x); return x * %d; }\\n' $i $i >"$1/a.c"
          clang -O2 -c -o "$1/a.o" "$1/a.c"
        done
        """;
    String server =
        """
        import http.server, threading, urllib.request
        class Quiet(http.server.SimpleHTTPRequestHandler):
            def log_message(self, *args): pass
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Quiet)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        while True:
            urllib.request.urlopen("http://127.0.0.1:%d/" % server.server_port).read()
        """;
    String forks = "while (1) { my $p = fork; exit 0 unless $p; waitpid $p, 0; umask 1 }";
    noise.add(bench.start(new ProcessBuilder("sh", "-c", build, "sh", directory.toString())));
    noise.add(
        bench.start(new ProcessBuilder("python3", "-c", server).directory(directory.toFile())));
    noise.add(bench.perl(forks));
    noise.add(bench.perl(forks));
  }
}
