// SPDX-License-Identifier: Apache-2.0
package dev.rastro.daemon.session;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rastro.bpf.CaptureObject;
import dev.rastro.daemon.access.Caller;
import dev.rastro.daemon.access.Peers;
import dev.rastro.daemon.access.Sight;
import dev.rastro.daemon.detail.Detail;
import dev.rastro.daemon.detail.Secrets;
import dev.rastro.daemon.drain.Drain;
import dev.rastro.daemon.drain.Target;
import dev.rastro.daemon.drain.Wish;
import dev.rastro.daemon.kernel.Capture;
import dev.rastro.daemon.kernel.CaptureOptions;
import dev.rastro.daemon.kernel.Run;
import dev.rastro.syscalls.record.RecordLayout;
import dev.rastro.syscalls.record.RecordReader;
import dev.rastro.syscalls.table.Architecture;
import dev.rastro.syscalls.table.SyscallTable;
import java.nio.ByteBuffer;
import java.util.BitSet;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Who may see registers alone gets no byte of a program's memory, whatever the program does. */
@Tag("kernel")
final class DetailKernelTest {
  private static final String CANARY = "canary-4711";

  @Test
  void noByteOfMemoryAndNoNameOfAFileIsInTheQueue() throws Exception {
    SyscallTable table = SyscallTable.load(Architecture.current());
    Process program =
        new ProcessBuilder(
                "perl",
                "-e",
                """
                <STDIN>; my $c = '%1$s';
                open my $f, '<', "/tmp/$c"; mkdir "/tmp/$c"; chdir "/tmp/$c"; rmdir "/tmp/$c";
                pipe my $r, my $w; syswrite $w, $c x 9; sysread $r, my $text, 99;
                $ENV{$c} = $c; system '/bin/sh', '-c', "exit 0; $c"; exec "/tmp/$c/$c", $c;
                """
                    .formatted(CANARY))
            .start();
    Capture capture = Capture.open(CaptureObject.read(), CaptureOptions.defaults());
    try (Drain drain = Drain.start(capture, table)) {
      Sessions sessions = new Sessions(drain, table, Secrets.NONE, new Peers());
      CountDownLatch ended = new CountDownLatch(1);
      Session session = sessions.open(order(program), new Waiting(ended)).get();
      program.getOutputStream().close();
      assertTrue(ended.await(60, TimeUnit.SECONDS));
      var unused = sessions.close(session).get();
      Set<Integer> kinds = new HashSet<>();
      for (Optional<Session.Delivery> next = session.take();
          next.isPresent();
          next = session.take()) {
        next.get().batch().ifPresent(batch -> look(batch, kinds));
        session.delivered(next.get());
      }
      assertTrue(
          kinds.containsAll(Set.of(RecordLayout.CALL, RecordLayout.CALL_ENTER, RecordLayout.EXEC)),
          kinds::toString);
      assertEquals(0, session.ledger().lostEvents());
      assertEquals(session.ledger().observed(), session.ledger().delivered());
    } finally {
      program.destroyForcibly();
    }
  }

  private static Order order(Process program) {
    BitSet all = new BitSet();
    all.set(0, RecordLayout.SYSCALL_SLOTS);
    Target target = Target.process((int) program.pid(), true);
    Wish wish =
        new Wish(
            target,
            all,
            new BitSet(),
            Wish.Outcome.ANY,
            true,
            false,
            true,
            4096,
            true,
            new BitSet(),
            0,
            true,
            true);
    Terms terms = Terms.standard().showing(Detail.NO_ARGUMENTS);
    return new Order(
        wish,
        Order.Form.PACKED,
        terms,
        Caller.daemon(),
        Sight.FIGURES,
        Optional.empty(),
        Screen.NONE);
  }

  private static void look(Batch batch, Set<Integer> kinds) {
    assertEquals(Detail.NO_ARGUMENTS, batch.detail());
    ByteBuffer records = batch.records();
    byte[] bytes = new byte[batch.length()];
    records.get(0, bytes);
    assertFalse(new String(bytes, ISO_8859_1).contains(CANARY));
    RecordReader reader = new RecordReader();
    for (int at = 0; at < bytes.length; at += Run.framed(records.getInt(at))) {
      reader.wrap(records, at + Run.HEADER_BYTES, records.getInt(at));
      kinds.add(reader.kind());
      assertEquals(0, reader.segmentCount());
    }
  }

  private record Waiting(CountDownLatch ended) implements Session.Watcher {
    @Override
    public void available(boolean urgent) {}

    @Override
    public void targetEnded() {
      ended.countDown();
    }

    @Override
    public void closed() {}
  }
}
