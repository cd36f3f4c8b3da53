package dev.rastro.daemon.drain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rastro.bpf.CaptureObject;
import dev.rastro.daemon.Patience;
import dev.rastro.daemon.kernel.Capture;
import dev.rastro.daemon.kernel.CaptureException;
import dev.rastro.daemon.kernel.CaptureOptions;
import dev.rastro.syscalls.record.RecordLayout;
import dev.rastro.syscalls.table.Architecture;
import dev.rastro.syscalls.table.SyscallTable;
import java.io.IOException;
import java.util.BitSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Calls that block, told while they do. */
@Tag("kernel")
final class BlockedKernelTest {
  private static final SyscallTable TABLE = SyscallTable.load(Architecture.current());

  private Drain drain;

  @BeforeEach
  void start() throws CaptureException {
    drain = Drain.start(Capture.open(CaptureObject.read(), CaptureOptions.defaults()), TABLE);
  }

  @AfterEach
  void stop() {
    drain.close();
  }

  /** The shell reads byte by byte: its next read blocks after the line is read. */
  @Test
  void callThatSleptBeforeTheSessionAndTheNextOneAreToldOnceEach() throws Exception {
    Process shell = reader();
    Recorder recorder = new Recorder();
    Drain.Session session = await(drain.open(wish(shell, true), recorder));
    recorder.awaitRecord(RecordLayout.CALL_BLOCKED, number("read"), 1);
    shell.getOutputStream().write('\n');
    shell.getOutputStream().flush();
    recorder.awaitRecord(RecordLayout.CALL_BLOCKED, number("read"), 2);
    shell.destroyForcibly();
    recorder.awaitTargetEnded();
    Books books = await(session.close());
    assertEquals(2, recorder.count(RecordLayout.CALL_BLOCKED));
    assertEquals(2, recorder.count(RecordLayout.CALL, number("read")), "each has returned");
    assertEquals(recorder.records(), books.observed());
  }

  @Test
  void programIsAttachedWhileASessionAsks() throws Exception {
    Process shell = reader();
    Drain.Session plain = await(drain.open(wish(shell, false), new Recorder()));
    assertEquals("", attachType());
    Drain.Session asking = await(drain.open(wish(shell, true), new Recorder()));
    assertEquals("tp_btf", attachType());
    Books unused = await(asking.close());
    assertEquals("", attachType());
    assertTrue(await(drain.status()).attached());
    unused = await(plain.close());
    shell.destroyForcibly();
  }

  @Test
  void sessionThatDoesNotAskIsToldNothing() throws Exception {
    Process shell = reader();
    Recorder plain = new Recorder();
    Recorder asking = new Recorder();
    Drain.Session first = await(drain.open(wish(shell, false), plain));
    Drain.Session second = await(drain.open(wish(shell, true), asking));
    asking.awaitRecord(RecordLayout.CALL_BLOCKED, number("read"), 1);
    shell.getOutputStream().write('\n');
    shell.getOutputStream().flush();
    asking.awaitRecord(RecordLayout.CALL_BLOCKED, number("read"), 2);
    shell.destroyForcibly();
    plain.awaitTargetEnded();
    Books unused = await(first.close());
    unused = await(second.close());
    assertEquals(0, plain.count(RecordLayout.CALL_BLOCKED));
    assertEquals(2, plain.count(RecordLayout.CALL, number("read")));
  }

  private String attachType() {
    return await(drain.status()).programs().stream()
        .filter(program -> program.name().equals("call_blocked"))
        .findFirst()
        .orElseThrow()
        .attachType();
  }

  /** A shell that has started and sleeps in a read, twice. */
  private static Process reader() throws IOException {
    return DrainKernelTest.gated("read y");
  }

  private static Wish wish(Process child, boolean blocked) {
    BitSet slots = new BitSet();
    slots.set(number("read"));
    return new Wish(
        Target.process((int) child.pid(), false),
        slots,
        new BitSet(),
        Wish.Outcome.ANY,
        true,
        false,
        true,
        32,
        false,
        new BitSet(),
        0,
        blocked,
        false);
  }

  private static int number(String name) {
    return TABLE.find(name).orElseThrow().number();
  }

  private static <T> T await(CompletableFuture<T> future) {
    return future.orTimeout(Patience.LIMIT.toSeconds(), TimeUnit.SECONDS).join();
  }
}
