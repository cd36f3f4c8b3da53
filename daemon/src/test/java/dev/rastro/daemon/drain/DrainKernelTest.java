package dev.rastro.daemon.drain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rastro.daemon.Patience;
import dev.rastro.daemon.aggregate.Query;
import dev.rastro.daemon.aggregate.Snapshot;
import dev.rastro.daemon.aggregate.Window;
import dev.rastro.daemon.kernel.Capture;
import dev.rastro.daemon.kernel.CaptureException;
import dev.rastro.daemon.kernel.CaptureOptions;
import dev.rastro.daemon.kernel.LossCause;
import dev.rastro.daemon.kernel.RunningKernel;
import dev.rastro.syscalls.record.RecordLayout;
import dev.rastro.syscalls.table.Architecture;
import dev.rastro.syscalls.table.SyscallTable;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The whole way from a real process to a subscriber. */
@Tag("kernel")
final class DrainKernelTest {
  static final SyscallTable TABLE = SyscallTable.load(Architecture.current());

  private Drain drain;

  @BeforeEach
  void start() throws CaptureException {
    drain = Drain.start(open(CaptureOptions.defaults()), TABLE);
  }

  @AfterEach
  void stop() {
    drain.close();
  }

  @Test
  void seesTheCallsOfAChildInOrder() throws Exception {
    Recorder recorder = new Recorder();
    Process child = gated("cat /dev/null; chdir() { cd /; }; chdir; exit 3");
    Drain.Session session = await(drain.open(wish(child, true), recorder));
    release(child);
    recorder.awaitTargetEnded();
    Books books = await(session.close());
    assertEquals(3, child.waitFor());
    assertTrue(recorder.count(RecordLayout.CALL, number("chdir")) > 0, "chdir was not seen");
    assertTrue(recorder.count(RecordLayout.CALL, number("execve")) > 0, "execve was not seen");
    assertEquals(1, recorder.count(RecordLayout.FORK), "cat is the only child");
    assertEquals(2, recorder.count(RecordLayout.EXIT), "the shell and cat");
    assertEquals(recorder.records(), books.observed());
    assertEquals(0, books.lost().get(LossCause.RING));
    assertEquals(RecordLayout.EXIT, recorder.lastKind(), "nothing follows the last exit");
  }

  @Test
  void doesNotFollowChildrenUnlessAsked() throws Exception {
    Recorder recorder = new Recorder();
    Process child = gated("cat /dev/null; exit 0");
    Drain.Session session = await(drain.open(wish(child, false), recorder));
    release(child);
    recorder.awaitTargetEnded();
    Books unused = await(session.close());
    assertEquals(0, recorder.count(RecordLayout.CALL_ENTER, number("execve")));
    assertEquals(Set.of((int) child.pid()), recorder.processes());
  }

  @Test
  void followsOnlyWhatIsSpawned() throws Exception {
    Recorder recorder = new Recorder();
    Process child = gated("sh -c 'cat /dev/null; exit 0'; exit 0");
    Wish wish = wish(Target.spawnedBy((int) child.pid(), true), true, false);
    Drain.Session session = await(drain.open(wish, recorder));
    release(child);
    recorder.awaitTargetEnded();
    Books unused = await(session.close());
    assertFalse(recorder.processes().contains((int) child.pid()), "the parent is not the target");
    assertFalse(recorder.processes().isEmpty());
  }

  /** But for runs that a kernel skips which preempts programs: whose they are nobody knows. */
  static void assertComplete(Snapshot counted) {
    List<String> reasons = new ArrayList<>(counted.incompleteBecause());
    if (RunningKernel.preemptsPrograms()) {
      reasons.removeIf(reason -> reason.endsWith("skipped by the kernel's recursion guard"));
    }
    assertEquals(List.of(), reasons);
  }

  @Test
  void countsAMillionCallsExactly() throws Exception {
    Recorder recorder = new Recorder();
    Process child = gated("exec " + millionGetppid());
    Wish wish = counting(Target.process((int) child.pid(), false), true, only("getppid"));
    Drain.Session session = await(drain.open(wish, recorder));
    release(child);
    recorder.awaitTargetEnded();
    Query query = new Query(Query.By.SYSCALL, Set.of(), only("getppid"));
    Snapshot counted = await(session.summary(query));
    Books books = await(session.close());
    assertEquals(1, counted.rows().size());
    assertEquals(1_000_000, counted.rows().get(0).calls());
    assertEquals(1_000_000, counted.rows().get(0).histogram().total());
    assertComplete(counted);
    long seen = recorder.count(RecordLayout.CALL, number("getppid"));
    long lost = books.lost().get(LossCause.RING);
    assertTrue(seen <= 1_000_000 && seen + lost >= 1_000_000, seen + " seen, " + lost + " lost");
    Snapshot later =
        await(drain.summary(new Query(Query.By.BOTH, Set.of((int) child.pid()), only("getppid"))));
    assertEquals(1_000_000, later.rows().get(0).calls());
  }

  @Test
  void countsExactlyWhateverTheRingLoses() throws Exception {
    drain.close();
    drain = Drain.start(open(CaptureOptions.defaults().withRingBytes(4096)), TABLE);
    Recorder recorder = new Recorder();
    Process child = gated("exec " + millionGetppid());
    Wish wish = counting(Target.process((int) child.pid(), false), true, only("getppid"));
    Drain.Session session = await(drain.open(wish, recorder));
    long before = System.nanoTime();
    release(child);
    recorder.awaitTargetEnded();
    Snapshot counted =
        await(session.summary(new Query(Query.By.SYSCALL, Set.of(), only("getppid"))));
    Books books = await(session.close());
    long after = System.nanoTime();
    assertEquals(1_000_000, counted.rows().get(0).calls());
    assertTrue(
        books.lost().get(LossCause.RING) > 0, "a page of ring cannot hold a million records");
    assertEquals(books.lost().get(LossCause.RING), recorder.lost(LossCause.RING));
    assertEquals(recorder.records(), books.observed());
    for (Recorder.RingLoss loss : recorder.ringLosses()) {
      assertTrue(loss.fromNanos() < loss.toNanos(), "it took time to lose them");
      assertTrue(loss.toNanos() > before && loss.fromNanos() < after, "they were lost meanwhile");
    }
  }

  /** Where much stands in the rings when they are full. */
  @Test
  void tellsLossesBetweenTheRecordsThatWereEmittedBeforeAndAfterThem() throws Exception {
    drain.close();
    Capture capture = open(CaptureOptions.defaults().withRingBytes(8 << 20));
    drain = Drain.start(capture, TABLE);
    Process child = gated("exec " + millionGetppid());
    AtomicInteger calls = new AtomicInteger();
    Recorder recorder =
        new Recorder(
            (data, offset, length) -> {
              if (calls.incrementAndGet() % 100_000 == 0) {
                awaitLoss(capture, child);
              }
            });
    Drain.Session session =
        await(drain.open(wish(Target.process((int) child.pid(), false), true, false), recorder));
    release(child);
    recorder.awaitTargetEnded();
    Books unused = await(session.close());
    assertFalse(recorder.ringLosses().isEmpty());
    int all = (int) recorder.records();
    for (Recorder.RingLoss loss : recorder.ringLosses().stream().limit(20).toList()) {
      int at = loss.records();
      assertEquals(0, recorder.emitted(0, at, nanos -> nanos > loss.toNanos()));
      long before = recorder.emitted(at, all, nanos -> nanos < loss.fromNanos());
      // Their times are those of entries, which a loss may come between.
      assertTrue(before < 16, before + " that were emitted before it came after it");
    }
  }

  /** On the drain thread: nothing is read meanwhile. */
  private static void awaitLoss(Capture capture, Process child) {
    long before = capture.control().lost(LossCause.RING);
    while (child.isAlive() && capture.control().lost(LossCause.RING) == before) {
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
    }
  }

  @Test
  void countsChildrenThatHaveEnded() throws Exception {
    Recorder recorder = new Recorder();
    Process child = gated("for i in $(seq 400); do /bin/cat /no/such/file; done; exit 0");
    BitSet slots = only("execve");
    slots.or(only("openat"));
    Wish wish = counting(Target.process((int) child.pid(), true), false, slots);
    Drain.Session session = await(drain.open(wish, recorder));
    release(child);
    recorder.awaitTargetEnded();
    Snapshot execs = await(session.summary(new Query(Query.By.SYSCALL, Set.of(), only("execve"))));
    // Each cat, and seq.
    assertEquals(401, execs.rows().get(0).calls(), execs.incompleteBecause().toString());
    assertEquals(0, execs.rows().get(0).errors());
    Snapshot opens = await(session.summary(new Query(Query.By.BOTH, Set.of(), only("openat"))));
    long missing =
        opens.rows().stream().mapToLong(row -> row.errorsByErrno().getOrDefault(2, 0L)).sum();
    assertTrue(missing >= 400, missing + " times ENOENT");
    assertComplete(execs);
    Books unused = await(session.close());
    long cats =
        await(drain.roll(Window.LONGEST_NANOS)).exits().stream()
            .filter(exits -> exits.program().equals("cat") && exits.status() == 1 << 8)
            .mapToLong(exits -> exits.count())
            .sum();
    assertEquals(400, cats);
  }

  @Test
  void summaryBeginsWithTheSession() throws Exception {
    Process child = gated("cd /; echo once; read x; cd /; cd /; echo thrice; read x; exit 0");
    Target target = Target.process((int) child.pid(), false);
    Drain.Session before = await(drain.open(wish(target, false, true), new Recorder()));
    Query chdir = new Query(Query.By.SYSCALL, Set.of(), only("chdir"));
    BufferedReader said = child.inputReader();
    assertEquals("eady", said.readLine());
    release(child);
    assertEquals("once", said.readLine());
    Drain.Session session = await(drain.open(wish(target, false, true), new Recorder()));
    release(child);
    assertEquals("thrice", said.readLine());
    long all = calls(await(before.summary(chdir)));
    long later = calls(await(session.summary(chdir)));
    child.destroyForcibly();
    if (RunningKernel.preemptsPrograms()) {
      assertTrue(all <= 3 && later <= 2, all + " and " + later);
    } else {
      assertEquals(3, all);
      assertEquals(2, later);
    }
  }

  @Test
  void refusesAProcessThatIsNotThere() throws Exception {
    Process gone = new ProcessBuilder("true").start();
    assertTrue(gone.waitFor(Patience.LIMIT.toSeconds(), TimeUnit.SECONDS));
    ExecutionException refusal =
        assertThrows(
            ExecutionException.class, () -> drain.open(wish(gone, false), new Recorder()).get());
    CaptureException cause = assertInstanceOf(CaptureException.class, refusal.getCause());
    assertEquals("no such process: " + gone.pid(), cause.getMessage());
    assertFalse(await(drain.status()).attached());
  }

  @Test
  void leavesNothingBehind() throws Exception {
    Process busy = new ProcessBuilder("sh", "-c", "while :; do :; cd /; done").start();
    List<String> descriptors = List.of();
    for (int round = 0; round < 20; round++) {
      Recorder recorder = new Recorder();
      Drain.Session session = await(drain.open(wish(busy, false), recorder));
      recorder.awaitRecords(10);
      assertTrue(await(drain.status()).attached());
      Books unused = await(session.close());
      DrainStatus status = await(drain.status());
      assertFalse(status.attached(), "nobody watches");
      assertEquals(0, status.sessions().size());
      assertEquals(0, targets(status), "a target was left in the kernel's map");
      List<String> now = kernelDescriptors();
      if (round > 0) {
        // What other tests had open may be closed as late as now.
        List<String> more = new ArrayList<>(now);
        descriptors.forEach(more::remove);
        assertEquals(List.of(), more);
      }
      descriptors = now;
      assertTrue(busy.isAlive());
    }
    busy.destroyForcibly();
    drain.close();
    assertTrue(kernelDescriptors().stream().noneMatch(to -> to.contains("bpf")));
  }

  @Test
  void everythingButTheDaemonIsSeen() throws Exception {
    Recorder recorder = new Recorder();
    Drain.Session session = await(drain.open(wish(Target.everyone(), true, false), recorder));
    Process child = new ProcessBuilder("true").start();
    assertEquals(0, child.waitFor());
    recorder.awaitProcess((int) child.pid());
    Books unused = await(session.close());
    assertFalse(recorder.processes().contains((int) ProcessHandle.current().pid()));
  }

  static Capture open(CaptureOptions options) throws CaptureException {
    return Capture.open(options);
  }

  /** A shell that has started and sleeps until there is a line before it goes on. */
  static Process gated(String script) throws IOException {
    Process child =
        new ProcessBuilder("sh", "-c", "echo ready; read x; " + script)
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    // Both pipes stay open with the process; what it prints later is little and stays in the pipe.
    int first = child.getInputStream().read();
    assertEquals('r', first);
    long deadline = System.nanoTime() + Patience.LIMIT.toNanos();
    Path syscall = Path.of("/proc/" + child.pid() + "/syscall");
    while (!Files.readString(syscall).startsWith(number("read") + " ")) {
      assertTrue(System.nanoTime() < deadline, "the shell does not read");
      Thread.onSpinWait();
    }
    return child;
  }

  static void release(Process child) throws IOException {
    OutputStream gate = child.getOutputStream();
    gate.write("\n".getBytes(StandardCharsets.UTF_8));
    gate.flush();
  }

  static String millionGetppid() {
    return "perl -e 'getppid for 1..1000000'";
  }

  static Wish wish(Process child, boolean follow) {
    return wish(Target.process((int) child.pid(), follow), true, false);
  }

  static Wish wish(Target target, boolean records, boolean counters) {
    BitSet all = new BitSet();
    all.set(0, SyscallTable.SLOTS);
    return wish(target, all, records, counters);
  }

  private static Wish wish(Target target, BitSet slots, boolean records, boolean counters) {
    BitSet signals = new BitSet();
    return new Wish(target, slots, signals, Wish.Outcome.ANY, records, counters, true, 32, false);
  }

  /**
   * Counts no other calls than are asked for. The kernel must have memory at hand for each that a
   * process makes for the first time, and a thread that may have to wait brings more.
   */
  static Wish counting(Target target, boolean records, BitSet slots) {
    return wish(target, slots, records, true);
  }

  static int number(String name) {
    return TABLE.find(name).orElseThrow().number();
  }

  private static BitSet only(String name) {
    BitSet slots = new BitSet();
    slots.set(number(name));
    return slots;
  }

  private static long calls(Snapshot snapshot) {
    return snapshot.rows().isEmpty() ? 0 : snapshot.rows().get(0).calls();
  }

  private static long targets(DrainStatus status) {
    return status.limits().stream()
        .filter(usage -> usage.name().equals("processes followed"))
        .findFirst()
        .orElseThrow()
        .inUse();
  }

  /** Programs, maps, links, epoll and event descriptors: all that this side opens. */
  private static List<String> kernelDescriptors() throws IOException {
    try (Stream<Path> all = Files.list(Path.of("/proc/self/fd"))) {
      return all.map(DrainKernelTest::destination)
          .filter(to -> to.startsWith("anon_inode:"))
          .sorted()
          .toList();
    }
  }

  private static String destination(Path link) {
    try {
      return Files.readSymbolicLink(link).toString();
    } catch (IOException closed) {
      return "";
    }
  }

  static <T> T await(java.util.concurrent.CompletableFuture<T> future) {
    try {
      return future.orTimeout(Patience.LIMIT.toSeconds(), TimeUnit.SECONDS).join();
    } catch (CompletionException e) {
      throw new AssertionError(e.getCause());
    }
  }
}
