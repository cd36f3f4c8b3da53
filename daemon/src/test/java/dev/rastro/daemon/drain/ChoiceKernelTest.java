package dev.rastro.daemon.drain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rastro.daemon.kernel.CaptureOptions;
import dev.rastro.daemon.kernel.KernelFilter;
import dev.rastro.daemon.kernel.Rule;
import dev.rastro.syscalls.record.RecordLayout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Processes chosen by what they are, and calls by how they end. */
@Tag("kernel")
final class ChoiceKernelTest {
  private static final int ENOENT = 2;
  private static final int NOBODY = 65_534;
  private static final long SLOW_NANOS = 100_000_000;

  /** A user whom nothing else on the machine runs as. */
  private static final int STRANGER = 3_141_592;

  @TempDir private Path folder;
  private Drain drain;

  @BeforeEach
  void start() throws Exception {
    drain = Drain.start(DrainKernelTest.open(CaptureOptions.defaults()), DrainKernelTest.TABLE);
  }

  @AfterEach
  void stop() {
    drain.close();
  }

  @Test
  void aNameIsMetFromTheExecOnAndNoLongerAfterAnother() throws Exception {
    Path named = copy("sh", "rastro-named-long");
    Process child =
        DrainKernelTest.gated("exec %s -c 'cd /; umask; exec /bin/cat /dev/null'".formatted(named));
    Recorder recorder = new Recorder();
    Drain.Session session = open(Choice.of(Rule.comm("rastro-named-long")), false, recorder);
    assertTrue(session.processes().isEmpty(), "nobody has the name yet");
    DrainKernelTest.release(child);
    assertEquals(0, child.waitFor());
    Books unused = DrainKernelTest.await(session.close());
    assertEquals(1, recorder.count(RecordLayout.CALL, DrainKernelTest.number("chdir")));
    assertEquals(2, recorder.count(RecordLayout.EXEC), "the one into the name, the one out of it");
    assertEquals(0, recorder.count(RecordLayout.EXIT), "by then it is cat");
    assertEquals(
        0,
        recorder.count(RecordLayout.CALL, DrainKernelTest.number("execve")),
        "nothing is known of the one, and the other's return is cat's");
  }

  @Test
  void whoIsThereAlreadyIsChosenAndListed() throws Exception {
    Path named = copy("sh", "rastro-there");
    Process child = gated(named);
    Recorder recorder = new Recorder();
    Drain.Session session = open(Choice.of(Rule.comm("rastro-there")), false, recorder);
    assertEquals(1, session.processes().size());
    assertEquals(child.pid(), session.processes().get(0).pid());
    DrainKernelTest.release(child);
    assertEquals(0, child.waitFor());
    Books unused = DrainKernelTest.await(session.close());
    assertEquals(1, recorder.count(RecordLayout.CALL, DrainKernelTest.number("chdir")));
  }

  @Test
  void descendantsStayChosenWhateverTheyBecome() throws Exception {
    Path named = copy("sh", "rastro-parent");
    Process child =
        DrainKernelTest.gated("exec %s -c 'cat /dev/null; exec cat /dev/null'".formatted(named));
    Recorder recorder = new Recorder();
    Drain.Session session = open(Choice.of(Rule.comm("rastro-parent")), true, recorder);
    DrainKernelTest.release(child);
    assertEquals(0, child.waitFor());
    Books unused = DrainKernelTest.await(session.close());
    assertEquals(1, recorder.count(RecordLayout.FORK));
    assertEquals(3, recorder.count(RecordLayout.EXEC));
    assertEquals(2, recorder.count(RecordLayout.EXIT));
    assertEquals(2, recorder.processes().size());
  }

  @Test
  void kindsNarrowEachOtherAndRulesOfAKindWidenIt() throws Exception {
    Path named = copy("sh", "rastro-user");
    Choice strangers = Choice.of(Rule.comm("rastro-user"), Rule.user(STRANGER), Rule.user(NOBODY));
    Recorder recorder = new Recorder();
    Drain.Session session = open(strangers, false, recorder);
    run("%s -c 'cd /'".formatted(named));
    run("setpriv --reuid=%d %s -c 'cd /'".formatted(STRANGER, named));
    run("setpriv --reuid=%d %s -c 'cd /'".formatted(NOBODY, named));
    run("setpriv --reuid=%d sh -c 'cd /'".formatted(STRANGER));
    Books unused = DrainKernelTest.await(session.close());
    assertEquals(2, recorder.count(RecordLayout.CALL, DrainKernelTest.number("chdir")));
    assertEquals(2, recorder.processes().size());
  }

  @Test
  void aCgroupIncludesThoseBelowIt() throws Exception {
    Path group = Cgroup.make("rastro-test-" + ProcessHandle.current().pid());
    Path below = group.resolve("below");
    Files.createDirectory(below);
    try {
      Recorder recorder = new Recorder();
      long id = (Long) Files.getAttribute(group, "unix:ino");
      Drain.Session session = open(Choice.of(Rule.cgroup(id)), false, recorder);
      run("echo $$ >%s/cgroup.procs; exec sh -c 'cd /'".formatted(below));
      run("cd /");
      Books unused = DrainKernelTest.await(session.close());
      assertEquals(1, recorder.count(RecordLayout.CALL, DrainKernelTest.number("chdir")));
    } finally {
      Files.delete(below);
      Files.delete(group);
    }
  }

  @Test
  void aChoiceThatIsWithdrawnChoosesNobody() throws Exception {
    Path named = copy("sh", "rastro-gone");
    Recorder before = new Recorder();
    Drain.Session first = open(Choice.of(Rule.comm("rastro-gone")), true, before);
    Books unused = DrainKernelTest.await(first.close());
    Recorder recorder = new Recorder();
    Drain.Session session = open(Choice.of(Rule.comm("rastro-other")), true, recorder);
    run("%s -c 'cd /'".formatted(named));
    DrainKernelTest.await(session.rechoose(Choice.of(Rule.comm("rastro-gone"))));
    run("%s -c 'cd /'".formatted(named));
    Books ours = DrainKernelTest.await(session.close());
    assertEquals(0, before.records());
    assertEquals(recorder.records(), ours.observed());
    assertEquals(1, recorder.count(RecordLayout.CALL, DrainKernelTest.number("chdir")));
  }

  @Test
  void errorsAndDurationsAreFilteredAndCounted() throws Exception {
    BitSet noSuchFile = new BitSet();
    noSuchFile.set(ENOENT);
    Process child =
        DrainKernelTest.gated(
            "exec perl -e 'chdir \"/none\" for 1..50; chdir \"/\" for 1..30;"
                + " select(undef, undef, undef, 0.2)'");
    Target target = Target.process((int) child.pid(), false);
    Wish all = DrainKernelTest.wish(target, true, false);
    Recorder failed = new Recorder();
    List<Long> lasted = new ArrayList<>();
    Recorder slow =
        new Recorder(
            (data, offset, length) -> {
              int flags = data.getShort(offset + RecordLayout.HEAD_FLAGS_OFFSET);
              if ((flags & RecordLayout.NO_DURATION) == 0) {
                lasted.add(data.getLong(offset + RecordLayout.CALL_DURATION_OFFSET));
              }
            });
    Drain.Session ofFailed = DrainKernelTest.await(drain.open(all.failedWith(noSuchFile), failed));
    Drain.Session ofSlow = DrainKernelTest.await(drain.open(all.lasting(SLOW_NANOS), slow));
    DrainKernelTest.release(child);
    assertEquals(0, child.waitFor());
    Books unused = DrainKernelTest.await(ofFailed.close());
    unused = DrainKernelTest.await(ofSlow.close());
    int chdir = DrainKernelTest.number("chdir");
    assertEquals(50, failed.count(RecordLayout.CALL, chdir));
    assertTrue(failed.filtered(KernelFilter.ERRNO) >= 30);
    assertEquals(0, failed.filtered(KernelFilter.DURATION));
    assertFalse(lasted.isEmpty(), "the pause");
    // Any call may lose its processor for longer than that.
    assertTrue(lasted.stream().allMatch(nanos -> nanos >= SLOW_NANOS), lasted::toString);
    long slowChdirs = slow.count(RecordLayout.CALL, chdir);
    assertTrue(slow.filtered(KernelFilter.DURATION) + slowChdirs >= 80);
  }

  private Drain.Session open(Choice choice, boolean follow, Recorder recorder) {
    Wish wish = DrainKernelTest.wish(Target.chosenBy(choice, follow), true, false);
    return DrainKernelTest.await(drain.open(wish, recorder));
  }

  private Path copy(String program, String name) throws IOException {
    Path to = folder.resolve(name);
    Files.copy(Path.of("/bin/" + program).toRealPath(), to, StandardCopyOption.COPY_ATTRIBUTES);
    folder.toFile().setExecutable(true, false);
    Files.setPosixFilePermissions(
        folder, java.nio.file.attribute.PosixFilePermissions.fromString("rwxr-xr-x"));
    return to;
  }

  /** The shell itself, under another name, waits for a line; it has the name when this returns. */
  private static Process gated(Path shell) throws IOException {
    Process child =
        new ProcessBuilder(shell.toString(), "-c", "echo there; read line; cd /; exit 0").start();
    assertEquals('t', child.getInputStream().read());
    return child;
  }

  private static void run(String script) throws Exception {
    assertEquals(0, new ProcessBuilder("sh", "-c", script).inheritIO().start().waitFor());
  }
}
