package dev.rastro.daemon.drain;

import static dev.rastro.daemon.drain.DrainKernelTest.TABLE;
import static dev.rastro.daemon.drain.DrainKernelTest.await;
import static dev.rastro.daemon.drain.DrainKernelTest.gated;
import static dev.rastro.daemon.drain.DrainKernelTest.number;
import static dev.rastro.daemon.drain.DrainKernelTest.release;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rastro.bpf.CaptureObject;
import dev.rastro.daemon.Tracefs;
import dev.rastro.daemon.kernel.AttachType;
import dev.rastro.daemon.kernel.Capture;
import dev.rastro.daemon.kernel.CaptureOptions;
import dev.rastro.daemon.kernel.LossCause;
import dev.rastro.daemon.kernel.RunningKernel;
import dev.rastro.syscalls.record.RecordLayout;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A call that fails before the kernel touches its memory, which the process has not touched. */
@Tag("kernel")
final class UnreadKernelTest {
  private static final int CALLS = 200;
  private static final int TEXT_BYTES = 32;

  /** One more tells whether there is more. */
  private static final int CAPTURED_BYTES = TEXT_BYTES + 1;

  private static final int LENGTH = 4096;
  private static final int CLOSED = 99;

  private static final String SCRIPT =
      """
      exec python3 -c '
      import mmap, os
      file = os.memfd_create("unread")
      os.pwrite(file, b"u" * %1$d, 0)
      for i in range(%2$d):
          try:
              os.write(%3$d, mmap.mmap(file, %1$d, mmap.MAP_PRIVATE, mmap.PROT_READ))
          except OSError:
              pass
      '
      """
          .formatted(LENGTH, CALLS, CLOSED);

  @BeforeAll
  static void mountTracefs() throws Exception {
    Tracefs.mount();
  }

  @Test
  void isTakenDownWithoutItWhereTheTaskCannotWait() throws Exception {
    CaptureOptions options = options(AttachType.TP_BTF);
    for (int[] segment : segments(Capture.open(CaptureObject.read(), options))) {
      assertMissing(segment);
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = AttachType.class,
      names = {"TP_BTF", "RAW_TP", "TRACEPOINT"})
  void isReadBeforeTheTaskGoesOnIfTheKernelCanMakeItWait(AttachType way) throws Exception {
    Capture capture = Capture.open(options(way));
    for (int[] segment : segments(capture)) {
      if (RunningKernel.hasTaskWork()) {
        assertEquals(CAPTURED_BYTES, segment[0]);
        assertEquals(RecordLayout.TRUNCATED, segment[1]);
      } else {
        assertMissing(segment);
      }
    }
  }

  private static CaptureOptions options(AttachType way) {
    return CaptureOptions.defaults().withAttachType(Optional.of(way));
  }

  private static void assertMissing(int[] segment) {
    assertEquals(0, segment[0]);
    assertTrue((segment[1] & RecordLayout.FAULT) != 0);
  }

  /** Length and status of what was captured of each of the calls. */
  private static List<int[]> segments(Capture capture) throws Exception {
    List<int[]> segments = new ArrayList<>();
    Recorder recorder = new Recorder((data, offset, length) -> add(segments, data, offset));
    try (Drain drain = Drain.start(capture, TABLE)) {
      Process shell = gated(SCRIPT);
      Drain.Session session = await(drain.open(writesOf(shell), recorder));
      release(shell);
      recorder.awaitTargetEnded();
      Books books = await(session.close());
      assertEquals(0, books.lost().get(LossCause.RING));
    }
    assertEquals(CALLS, segments.size());
    return segments;
  }

  private static void add(List<int[]> segments, ByteBuffer data, int offset) {
    if (data.getLong(offset + RecordLayout.CALL_ARGS_OFFSET) == CLOSED) {
      int segment = offset + RecordLayout.CALL_BYTES;
      segments.add(
          new int[] {
            data.getInt(segment + RecordLayout.SEGMENT_LENGTH_OFFSET),
            data.get(segment + RecordLayout.SEGMENT_STATUS_OFFSET)
          });
    }
  }

  private static Wish writesOf(Process shell) {
    BitSet write = new BitSet();
    write.set(number("write"));
    return new Wish(
        Target.process((int) shell.pid(), true),
        write,
        new BitSet(),
        Wish.Outcome.ANY,
        true,
        false,
        true,
        TEXT_BYTES,
        false);
  }
}
