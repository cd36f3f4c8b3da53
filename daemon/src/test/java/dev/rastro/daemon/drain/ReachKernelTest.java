package dev.rastro.daemon.drain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rastro.daemon.aggregate.Query;
import dev.rastro.daemon.aggregate.Snapshot;
import dev.rastro.daemon.kernel.CaptureException;
import dev.rastro.daemon.kernel.CaptureOptions;
import dev.rastro.daemon.kernel.LossCause;
import dev.rastro.daemon.kernel.ProcFs;
import dev.rastro.daemon.kernel.Reach;
import dev.rastro.daemon.kernel.Rule;
import dev.rastro.syscalls.record.RecordLayout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sessions of those who may not see every process. */
@Tag("kernel")
@Tag("once")
final class ReachKernelTest {

  /** Users and a group that nothing else on the machine runs as. */
  private static final int STRANGER = 3_141_593;

  private static final int NEIGHBOUR = 3_141_594;
  private static final int OTHER_GROUP = 3_141_595;
  private static final Reach OWN = Reach.own(STRANGER, STRANGER);

  private static final int CHDIR = DrainKernelTest.number("chdir");
  private static final int EXECVE = DrainKernelTest.number("execve");
  private static final int OPENAT = DrainKernelTest.number("openat");

  @TempDir private Path folder;
  private final List<Process> processes = new ArrayList<>();
  private Drain drain;

  @BeforeEach
  void start() throws Exception {
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    drain = Drain.start(DrainKernelTest.open(CaptureOptions.defaults()), DrainKernelTest.TABLE);
  }

  @AfterEach
  void stop() throws Exception {
    for (Process process : processes) {
      process.destroyForcibly().waitFor(); // the next test's sessions must not see it any more
    }
    drain.close();
  }

  @Test
  void whatIsNamedMustBeWithinReach() throws Exception {
    Process own = gated(as(STRANGER), "exit 0");
    Process foreign = gated(as(NEIGHBOUR), "exit 0");
    Process root = gated("", "exit 0");
    Process otherGroup =
        gated(
            "setpriv --reuid=%1$d --regid=%2$d --clear-groups".formatted(STRANGER, OTHER_GROUP),
            "exit 0");
    Process capable =
        gated(
            "setpriv --reuid=%1$d --regid=%1$d --clear-groups --inh-caps=+net_raw --ambient-caps=+net_raw"
                .formatted(STRANGER),
            "exit 0");
    Process unreadable = gatedExec(mode("cat", "--x--x--x"), STRANGER);
    for (Process process : List.of(foreign, root, otherGroup, capable, unreadable)) {
      assertForbidden(process, OWN);
    }
    for (Process process : List.of(root, capable, unreadable)) {
      assertForbidden(process, Reach.UNPRIVILEGED);
    }
    close(open(process(own).within(OWN), new Recorder()));
    for (Process process : List.of(own, foreign, otherGroup)) {
      close(open(process(process).within(Reach.UNPRIVILEGED), new Recorder()));
    }
  }

  /** Not even in the moment in which it is asked. */
  @Test
  void whoIsGoneHasNoRights() throws Exception {
    Process gone = new ProcessBuilder("true").start();
    assertEquals(0, gone.waitFor());
    assertFalse(OWN.isExceededBy((int) gone.pid()));
    assertFalse(OWN.covers((int) gone.pid()));
    assertTrue(OWN.isExceededBy((int) ProcessHandle.current().pid()));
    assertFalse(Reach.EVERY.isExceededBy((int) ProcessHandle.current().pid()));
  }

  @Test
  void aSetUserIdProgramIsNotSeenFromItsExecOn() throws Exception {
    assertHidden(mode("cat", "rwsr-xr-x"));
  }

  @Test
  void aSetGroupIdProgramIsNotSeenEither() throws Exception {
    assertHidden(mode("cat", "rwxr-sr-x"));
  }

  @Test
  void norOneWithCapabilities() throws Exception {
    Path program = mode("cat", "rwxr-xr-x");
    run("setcap cap_net_raw+ep " + program);
    assertHidden(program);
  }

  @Test
  void norOneThatItsUserCannotRead() throws Exception {
    assertHidden(mode("cat", "rwx--x--x"));
  }

  private void assertHidden(Path program) throws Exception {
    Process child = gated(as(STRANGER), "cd /; exec %s /etc/hostname".formatted(program));
    Recorder own = new Recorder();
    Recorder unprivileged = new Recorder();
    Recorder all = new Recorder();
    Drain.Session first = open(process(child).within(OWN), own);
    Drain.Session second = open(process(child).within(Reach.UNPRIVILEGED), unprivileged);
    Drain.Session third = open(process(child), all);
    DrainKernelTest.release(child);
    assertEquals(0, child.waitFor());
    own.awaitTargetEnded();
    close(first);
    close(second);
    close(third);
    assertTrue(all.count(RecordLayout.CALL, OPENAT) > 0, "it opened its file");
    assertEquals(List.of(), all.withheld());
    for (Recorder bounded : List.of(own, unprivileged)) {
      assertEquals(List.of((int) child.pid()), bounded.withheld());
      assertEquals(1, bounded.count(RecordLayout.CALL, CHDIR));
      assertEquals(1, bounded.count(RecordLayout.CALL_ENTER, EXECVE));
      assertEquals(1, bounded.count(RecordLayout.EXEC));
      assertEquals(1, bounded.count(RecordLayout.CALL, EXECVE), "what was seen to begin returns");
      assertEquals(0, bounded.count(RecordLayout.CALL, OPENAT));
      assertEquals(0, bounded.count(RecordLayout.EXIT));
      assertEquals(0, bounded.lost(LossCause.RING));
    }
  }

  @Test
  void whoComesBackWithinReachIsSeenAgain() throws Exception {
    Path program = mode("setpriv", "rwsr-xr-x");
    String back =
        "%s --reuid=%2$d --regid=%2$d --clear-groups sh -c 'cd /usr; cd /'"
            .formatted(program, STRANGER);
    Process child = gated(as(STRANGER), "cd /; %s; exec %s".formatted(back, back));
    Recorder recorder = new Recorder();
    Drain.Session session = open(process(child).within(OWN), recorder);
    DrainKernelTest.release(child);
    assertEquals(0, child.waitFor());
    recorder.awaitTargetEnded();
    close(session);
    assertEquals(5, recorder.count(RecordLayout.CALL, CHDIR));
    assertEquals(2, recorder.withheld().size(), "the child, and then itself");
    assertEquals(2, recorder.count(RecordLayout.EXIT));
  }

  @Test
  void whatAHiddenProcessStartsIsHidden() throws Exception {
    Path program = mode("perl", "rwsr-xr-x");
    String script =
        "$ENV{PATH} = \"/bin\"; $< = $>; if (!fork) { chdir \"/\"; exec \"cat\", \"/etc/hostname\" } wait; kill 18, $$";
    Process child =
        gated(as(STRANGER), "exec %s -e '%s'".formatted(program, script.replace("'", "'\\''")));
    Recorder recorder = new Recorder();
    BitSet all = new BitSet();
    all.set(1, RecordLayout.SIGNALS);
    Wish wish =
        new Wish(
            process(child).within(OWN),
            slots(CHDIR, OPENAT),
            all,
            Wish.Outcome.ANY,
            true,
            false,
            true,
            32,
            false);
    Drain.Session session = DrainKernelTest.await(drain.open(wish, recorder));
    DrainKernelTest.release(child);
    assertEquals(0, child.waitFor());
    recorder.awaitTargetEnded();
    close(session);
    assertEquals(0, recorder.count(RecordLayout.CALL, CHDIR));
    assertEquals(0, recorder.count(RecordLayout.FORK));
    assertEquals(1, recorder.count(RecordLayout.EXEC));
    assertEquals(0, recorder.count(RecordLayout.EXIT));
    assertEquals(0, recorder.count(RecordLayout.SIGNAL_DELIVER));
    assertEquals(0, recorder.count(RecordLayout.SIGNAL_GENERATE));
  }

  /** Then no event tells of an exec; a look at /proc does, in time. */
  @Test
  void aKernelThatDoesNotTellOfExecsHidesThemAllTheSame() throws Exception {
    drain.close();
    Path btf = folder.resolve("vmlinux.btf");
    Files.write(btf, Files.readAllBytes(CaptureOptions.DEFAULT_BTF_PATH));
    drain =
        Drain.start(
            DrainKernelTest.open(CaptureOptions.defaults().withBtfPath(btf)),
            DrainKernelTest.TABLE);
    Path program = mode("cat", "rwsr-xr-x");
    Process child = gated(as(STRANGER), "cd /; exec %s".formatted(program));
    Recorder own = new Recorder();
    Recorder all = new Recorder();
    Drain.Session first = open(process(child).within(OWN), own);
    Drain.Session second = open(process(child), all);
    DrainKernelTest.release(child);
    own.awaitWithheld();
    child.getOutputStream().close();
    assertEquals(0, child.waitFor());
    close(first);
    close(second);
    assertTrue(all.count(RecordLayout.CALL, OPENAT) > 0, "its libraries");
    assertEquals(1, own.count(RecordLayout.CALL, CHDIR));
    assertEquals(1, own.count(RecordLayout.CALL_ENTER, EXECVE));
    assertEquals(0, own.count(RecordLayout.CALL, OPENAT));
    assertEquals(List.of((int) child.pid()), own.withheld());
  }

  @Test
  void whatAHiddenProcessSpawnsIsHidden() throws Exception {
    Path program = mode("perl", "rwsr-xr-x");
    String script =
        "$ENV{PATH} = \"/bin\"; $< = $>; if (!fork) { exec \"cat\", \"/etc/hostname\" } wait";
    Process child =
        gated(as(STRANGER), "exec %s -e '%s'".formatted(program, script.replace("'", "'\\''")));
    Recorder own = new Recorder();
    Recorder all = new Recorder();
    Target spawned = Target.spawnedBy((int) child.pid(), true);
    Drain.Session first = open(spawned.within(OWN), own);
    Drain.Session second = open(spawned, all);
    DrainKernelTest.release(child);
    assertEquals(0, child.waitFor());
    all.awaitTargetEnded();
    close(first);
    close(second);
    assertTrue(all.count(RecordLayout.CALL_ENTER, EXECVE) > 0);
    assertEquals(0, own.count(RecordLayout.CALL_ENTER));
    assertEquals(0, own.count(RecordLayout.CALL));
  }

  /** The daemon writes whole targets back: what the kernel withdraws meanwhile must stay so. */
  @Test
  void sessionsThatComeAndGoBringNothingBack() throws Exception {
    Path program = mode("setpriv", "rwsr-xr-x");
    String hidden =
        "%s --reuid=%2$d --regid=%2$d --clear-groups true; ".formatted(program, STRANGER);
    int runs = 50;
    Process child =
        gated(as(STRANGER), String.join("read line; ", Collections.nCopies(runs, hidden)));
    Recorder recorder = new Recorder();
    Wish wish =
        new Wish(
            process(child).within(OWN),
            slots(DrainKernelTest.number("setgroups")),
            new BitSet(),
            Wish.Outcome.ANY,
            true,
            false,
            true,
            32,
            false);
    Drain.Session session = DrainKernelTest.await(drain.open(wish, recorder));
    for (int run = 0; run < runs; run++) {
      DrainKernelTest.release(child);
      Target target = Target.everyone().within(run % 2 == 0 ? OWN : Reach.EVERY);
      close(open(target, new Recorder()));
    }
    assertEquals(0, child.waitFor());
    recorder.awaitTargetEnded();
    close(session);
    assertEquals(runs, recorder.withheld().size());
    assertEquals(0, recorder.count(RecordLayout.CALL), "setgroups is a set-user-ID program's call");
  }

  @Test
  void everythingIsAllThatIsWithinReach() throws Exception {
    Process there = gated(as(STRANGER), "cd /; exit 0");
    Process foreign = gated(as(NEIGHBOUR), "cd /; exit 0");
    Recorder own = new Recorder();
    Recorder unprivileged = new Recorder();
    Drain.Session first = open(Target.everyone().within(OWN), own);
    Drain.Session second = open(Target.everyone().within(Reach.UNPRIVILEGED), unprivileged);
    assertEquals(
        List.of((int) there.pid()), first.processes().stream().map(key -> key.pid()).toList());
    DrainKernelTest.release(there);
    DrainKernelTest.release(foreign);
    assertEquals(0, there.waitFor());
    assertEquals(0, foreign.waitFor());
    run(as(STRANGER) + " sh -c 'cd /'");
    run("cd /");
    close(first);
    close(second);
    assertEquals(2, own.count(RecordLayout.CALL, CHDIR));
    assertFalse(own.processes().contains((int) foreign.pid()));
    assertTrue(unprivileged.processes().contains((int) foreign.pid()));
    assertTrue(unprivileged.processes().contains((int) there.pid()));
    assertTrue(unprivileged.count(RecordLayout.CALL, CHDIR) >= 3);
  }

  @Test
  void whoeverIsChosenMustBeWithinReach() throws Exception {
    Path named = mode("sh", "rwxr-xr-x");
    Choice choice = Choice.of(Rule.comm(named.getFileName().toString()));
    Recorder recorder = new Recorder();
    Drain.Session session = open(Target.chosenBy(choice, true).within(OWN), recorder);
    run("%s -c 'cd /'".formatted(named));
    run(as(NEIGHBOUR) + " %s -c 'cd /'".formatted(named));
    run(as(STRANGER) + " %s -c 'cd /; cd /'".formatted(named));
    close(session);
    assertEquals(2, recorder.count(RecordLayout.CALL, CHDIR));
    assertEquals(1, recorder.processes().size());
  }

  @Test
  void sumsLeaveOutWhoeverWasHidden() throws Exception {
    Path program = mode("setpriv", "rwsr-xr-x");
    Process child =
        gated(
            as(STRANGER),
            "cd /; %s --reuid=%2$d --regid=%2$d --clear-groups sh -c 'cd /'; cd /usr"
                .formatted(program, STRANGER));
    Recorder recorder = new Recorder();
    Wish counting = DrainKernelTest.counting(process(child), false, slots(CHDIR));
    Drain.Session all = DrainKernelTest.await(drain.open(counting, new Recorder()));
    Wish own = DrainKernelTest.counting(process(child).within(OWN), false, slots(CHDIR));
    Drain.Session session = DrainKernelTest.await(drain.open(own, recorder));
    DrainKernelTest.release(child);
    assertEquals(0, child.waitFor());
    recorder.awaitTargetEnded();
    Query query = new Query(Query.By.BOTH, Set.of(), slots(CHDIR));
    Snapshot mine = DrainKernelTest.await(session.summary(query));
    Snapshot theirs = DrainKernelTest.await(all.summary(query));
    close(session);
    close(all);
    assertEquals(2, mine.rows().stream().mapToLong(Snapshot.Row::calls).sum());
    assertEquals(3, theirs.rows().stream().mapToLong(Snapshot.Row::calls).sum());
    assertFalse(mine.complete());
    assertTrue(mine.incompleteBecause().toString().contains("rights"), mine::toString);
    DrainKernelTest.assertComplete(theirs);
  }

  private static BitSet slots(int... numbers) {
    BitSet slots = new BitSet();
    for (int number : numbers) {
      slots.set(number);
    }
    return slots;
  }

  private static Target process(Process process) {
    return Target.process((int) process.pid(), true);
  }

  private Drain.Session open(Target target, Recorder recorder) {
    return DrainKernelTest.await(drain.open(DrainKernelTest.wish(target, true, false), recorder));
  }

  private static void close(Drain.Session session) {
    Books unused = DrainKernelTest.await(session.close());
  }

  private void assertForbidden(Process process, Reach reach) {
    Wish wish = DrainKernelTest.wish(process(process).within(reach), true, false);
    ExecutionException refusal =
        assertThrows(ExecutionException.class, () -> drain.open(wish, new Recorder()).get());
    CaptureException cause = assertInstanceOf(CaptureException.class, refusal.getCause());
    assertEquals(CaptureException.Reason.FORBIDDEN, cause.reason());
    assertTrue(cause.getMessage().contains("process " + process.pid()), cause::getMessage);
  }

  private static String as(int uid) {
    return "setpriv --reuid=%1$d --regid=%1$d --clear-groups".formatted(uid);
  }

  /** A shell of this user that waits for a line; it is there when this returns. */
  private Process gated(String wrapper, String script) throws IOException {
    return started(
        "exec %s sh -c 'echo there; read line; %s'"
            .formatted(wrapper, script.replace("'", "'\\''")));
  }

  private Process gatedExec(Path program, int uid) throws IOException {
    Process process = started("echo there; exec %s sh -c 'exec %s'".formatted(as(uid), program));
    String name = program.getFileName().toString();
    while (!ProcFs.find((int) process.pid()).orElseThrow().comm().equals(name)) {
      Thread.onSpinWait();
    }
    return process;
  }

  private Process started(String script) throws IOException {
    Process process =
        new ProcessBuilder("sh", "-c", script)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    processes.add(process);
    assertEquals("there", process.inputReader().readLine());
    return process;
  }

  /** A copy of a program, root's, with these permissions. */
  private Path mode(String program, String permissions) throws IOException {
    Path from = Path.of("/usr/bin/" + program).toRealPath();
    Path to = folder.resolve("rastro-" + program);
    Files.copy(from, to, StandardCopyOption.REPLACE_EXISTING);
    int bits = 0;
    for (int i = 0; i < 9; i++) {
      bits |= permissions.charAt(i) == '-' ? 0 : 1 << (8 - i);
    }
    bits |= permissions.charAt(2) == 's' ? 04000 : 0;
    bits |= permissions.charAt(5) == 's' ? 02000 : 0;
    Files.setAttribute(to, "unix:mode", bits);
    return to;
  }

  private static void run(String script) throws Exception {
    assertEquals(0, new ProcessBuilder("sh", "-c", script).inheritIO().start().waitFor());
  }
}
