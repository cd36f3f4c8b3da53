package dev.rastro.syscalls.decode;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.rastro.syscalls.record.Descriptor;
import dev.rastro.syscalls.record.RecordLayout;
import dev.rastro.syscalls.record.RecordReader;
import dev.rastro.syscalls.table.Kind;
import dev.rastro.syscalls.table.SyscallTable;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.List;

/**
 * Which calls touch some paths or descriptors: by an argument that is such a path, letter for
 * letter, or by one that is a descriptor of that number or of a file with that path. The working
 * directory is no argument.
 *
 * <p>Not thread-safe; allocates nothing per call.
 */
public final class TouchFilter {
  private static final int AT_FDCWD = -100;

  private final CallDecoder decoder;
  private final List<byte[]> paths = new ArrayList<>();
  private final BitSet descriptors;
  private final Descriptor descriptor = new Descriptor();
  private final Ear ear = new Ear();
  private RecordReader memory = new RecordReader();
  private boolean touched;

  /**
   * @param paths as calls may name them; the records must say what descriptors stand for
   * @param descriptors numbers, whatever they stand for
   */
  public TouchFilter(SyscallTable table, Collection<String> paths, BitSet descriptors) {
    decoder = new CallDecoder(table, DecodeOptions.DEFAULT);
    paths.forEach(path -> this.paths.add(path.getBytes(UTF_8)));
    this.descriptors = (BitSet) descriptors.clone();
  }

  /**
   * Whether the call touches any of them.
   *
   * @param enter has the arguments and the memory; the same as {@code exit} for a call in one
   *     record
   */
  public boolean wants(RecordReader enter, RecordReader exit) {
    if (!decoder.knows(enter)) {
      return false;
    }
    memory = enter;
    touched = false;
    var unused = decoder.arguments(enter, exit, CallDecoder.Part.ALL, ear);
    return touched;
  }

  private boolean leadsToPath(int number) {
    int segment = memory.findDescriptor(number, false);
    if (segment == RecordReader.NO_SEGMENT) {
      return false;
    }
    descriptor.wrap(memory, segment);
    if (descriptor.form() != RecordLayout.FORM_PATH || descriptor.cut()) {
      return false;
    }
    for (int i = 0; i < paths.size(); i++) {
      if (descriptor.hasPath(paths.get(i))) {
        return true;
      }
    }
    return false;
  }

  private boolean isPath(ByteBuffer bytes, int offset, int length) {
    for (int i = 0; i < paths.size(); i++) {
      if (same(paths.get(i), bytes, offset, length)) {
        return true;
      }
    }
    return false;
  }

  private static boolean same(byte[] path, ByteBuffer bytes, int offset, int length) {
    if (length != path.length) {
      return false;
    }
    for (int i = 0; i < length; i++) {
      if (bytes.get(offset + i) != path[i]) {
        return false;
      }
    }
    return true;
  }

  private final class Ear extends SilentSink {
    @Override
    public void number(long value, Kind.Format format, boolean signed) {
      boolean isDescriptor =
          format == Kind.Format.DESCRIPTOR || format == Kind.Format.DIRECTORY_DESCRIPTOR;
      int number = (int) value;
      if (isDescriptor && number != AT_FDCWD && !touched) {
        touched = (number >= 0 && descriptors.get(number)) || leadsToPath(number);
      }
    }

    @Override
    public void string(ByteBuffer bytes, int offset, int length, boolean cut, Quote quote) {
      if (quote == Quote.PATH && !cut && !touched) {
        touched = isPath(bytes, offset, length);
      }
    }
  }
}
