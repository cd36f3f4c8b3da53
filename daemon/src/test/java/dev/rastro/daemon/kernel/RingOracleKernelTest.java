package dev.rastro.daemon.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.jna.Callback;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import dev.rastro.bpf.CaptureObject;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Our reader and libbpf's own find the same records in the same rings. */
@Tag("kernel")
final class RingOracleKernelTest {
  private static final int PAGE = (int) Libc.sysconf(Libc.SC_PAGESIZE);
  private static final int RING = 1 << 20;

  static {
    Native.register(RingOracleKernelTest.class, Libbpf.LIBRARY);
  }

  /** {@code ring_buffer_sample_fn}. */
  interface Sample extends Callback {
    int sample(Pointer context, Pointer data, long length);
  }

  static native Pointer ring_buffer__new(int fd, Sample sample, Pointer context, Pointer options);

  static native int ring_buffer__consume(Pointer ring);

  static native void ring_buffer__free(Pointer ring);

  @Test
  void readsWhatLibbpfReads() throws Exception {
    CaptureOptions options = CaptureOptions.defaults().withRingBytes(RING);
    try (LoadedObject object = LoadedObject.load(CaptureObject.read(), options)) {
      try (RingMaps maps = RingMaps.create(object.map("rings"), RING)) {
        fill(object);
        List<List<ByteBuffer>> ours = new ArrayList<>();
        maps.fds().forEach(fd -> ours.add(new ArrayList<>()));
        int handed =
            maps.map()
                .pass(
                    run ->
                        run.forEach(
                            (data, offset, length) ->
                                ours.get(run.ring()).add(copy(data, offset, length))),
                    Integer.MAX_VALUE);
        assertTrue(handed > 20, handed + " records of a whole process");
        for (int ring = 0; ring < ours.size(); ring++) {
          int fd = maps.fds().get(ring);
          rewind(fd);
          assertEquals(ours.get(ring), oracle(fd));
        }
      }
    }
  }

  /** Traces everybody while one process lives, then detaches: the ring stays as it is. */
  private static void fill(LoadedObject object) throws Exception {
    KernelMap bss = object.map(".bss");
    List<Pointer> links = new ArrayList<>();
    try (Mapping mapping = Mapping.map("control", bss.fd(), 0, bss.valueBytes(), true)) {
      ControlPage control = new ControlPage(mapping.buffer());
      BitSet all = new BitSet();
      all.set(0, ControlLayout.SYSCALL_SLOTS);
      control.setSyscalls(0, all);
      control.set(ControlPage.Mask.STREAMING, 0, true);
      control.set(ControlPage.Mask.EVERYONE, 0, true);
      control.bumpEpoch();
      for (LoadedObject.Program program : object.programs()) {
        Pointer link = Libbpf.bpf_program__attach(program.pointer());
        assertNotNull(link);
        links.add(link);
      }
      Process child = new ProcessBuilder("true").start();
      assertEquals(0, child.waitFor());
      control.clear(0);
      control.bumpEpoch();
    } finally {
      links.forEach(Libbpf::bpf_link__destroy);
    }
  }

  private static void rewind(int fd) throws CaptureException {
    try (Mapping consumer = Mapping.map("consumer", fd, 0, PAGE, true)) {
      consumer.buffer().order(ByteOrder.nativeOrder()).putLong(0, 0);
    }
  }

  private static List<ByteBuffer> oracle(int fd) {
    List<ByteBuffer> records = new ArrayList<>();
    Sample sample =
        (context, data, length) -> {
          records.add(ByteBuffer.wrap(data.getByteArray(0, (int) length)));
          return 0;
        };
    Pointer ring = ring_buffer__new(fd, sample, Pointer.NULL, Pointer.NULL);
    assertNotNull(ring);
    try {
      assertEquals(ring_buffer__consume(ring), records.size());
    } finally {
      ring_buffer__free(ring);
    }
    return records;
  }

  private static ByteBuffer copy(ByteBuffer from, int offset, int length) {
    byte[] bytes = new byte[length];
    from.get(offset, bytes);
    return ByteBuffer.wrap(bytes);
  }
}
