package dev.rastro.syscalls.decode;

import dev.rastro.syscalls.record.RecordReader;
import dev.rastro.syscalls.record.RecordReader.Phase;
import dev.rastro.syscalls.table.Kind;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;

/** Tells structs, arrays and numbers that lie in captured memory. */
final class Structs {

  /** How an array's bytes end. */
  enum End {
    WHOLE,
    CUT,
    UNREADABLE
  }

  /** Of a struct that carries its own size: what the kernel takes. */
  private static final int MOST_BYTES = 4096;

  /** No struct. */
  static final Kind.Struct NONE = new Kind.Struct("", 0, List.of(), 0, List.of());

  private static final Kind.Field OMITTED =
      new Kind.Field(Kind.Struct.OMISSION, 0, NONE, false, Kind.Told.ALWAYS, Kind.Condition.NONE);

  private final Walk walk;
  private final IdentityHashMap<Kind.Struct, List<Kind.Field>> brief = new IdentityHashMap<>();
  private Kind.Struct current = NONE;
  private int depth;
  private int currentAt;
  private int currentLength;
  private boolean more;

  Structs(Walk walk) {
    this.walk = walk;
  }

  /** Forgets a walk that ended early. */
  void reset() {
    current = NONE;
    depth = 0;
    more = false;
  }

  static int sizeOf(Kind kind) {
    if (kind instanceof Kind.Scalar scalar) {
      return scalar.sizeBytes();
    } else if (kind instanceof Kind.Named named) {
      return named.sizeBytes();
    } else if (kind instanceof Kind.Struct struct) {
      return struct.sizeBytes();
    } else if (kind instanceof Kind.Array array) {
      return array.count() * sizeOf(array.element());
    } else if (kind instanceof Kind.Counted || kind instanceof Kind.FixedText) {
      return kind.sizeBytes();
    } else if (kind instanceof Kind.Special special) {
      return special.sizeBytes();
    }
    return 0;
  }

  /**
   * @param length bytes that there are; fields beyond are not told
   */
  void struct(Kind.Struct kind, int at, int length) {
    struct(kind, at, length, 0);
  }

  /**
   * A struct that may be of a newer kernel than this table: what lies behind the known fields is
   * told as bytes, unless it is zero.
   *
   * @param wanted bytes that the caller says there are
   */
  void struct(Kind.Struct kind, int at, int length, long wanted) {
    Special.InMemory own = walk.specials().struct(kind.name());
    if (own.tellBytes(walk, at, length)) {
      return;
    }
    boolean hinted = more;
    more = false;
    walk.sink().beginStruct();
    List<Kind.Field> fields = fields(kind, at, length);
    beyond(kind.sizeBytes(), at, length, wanted);
    boolean all = fields.size() == kind.fields().size() || fields.contains(OMITTED);
    walk.sink().endStruct(all && !hinted);
  }

  /** The fields of a struct that something else begins and ends. */
  List<Kind.Field> fields(Kind.Struct kind, int at, int length) {
    Kind.Struct outer = current;
    int outerAt = currentAt;
    int outerLength = currentLength;
    current = kind;
    currentAt = at;
    currentLength = length;
    depth++;
    List<Kind.Field> fields = shown(kind);
    for (int i = 0; i < fields.size(); i++) {
      Kind.Field field = fields.get(i);
      if (field.equals(OMITTED)) {
        walk.sink().omission();
      } else if (field.offset() + fieldSize(field) <= length) {
        field(field, at);
      }
    }
    depth--;
    current = outer;
    currentAt = outerAt;
    currentLength = outerLength;
    return fields;
  }

  /** A struct with room for others in its place: more of it is hinted at, unless it is zero. */
  void structOrMore(Kind.Struct kind, int at, int length) {
    int rest = length - kind.sizeBytes();
    more = rest > 0 && !isZero(at + kind.sizeBytes(), rest);
    struct(kind, at, length);
  }

  /** What lies behind the fields; the kernel looks at no more than a page of it. */
  void beyond(int known, int at, int length, long wanted) {
    if (Math.min(length, wanted) <= known || isZero(at + known, length - known)) {
      return;
    }
    long end = Math.min(wanted, MOST_BYTES);
    walk.sink().beyond(known, end - 1);
    walk.sink().string(walk.memory().buffer(), at + known, length - known, length < end, Quote.HEX);
  }

  private boolean isZero(int at, int length) {
    for (int i = 0; i < length; i++) {
      if (walk.memory().buffer().get(at + i) != 0) {
        return false;
      }
    }
    return true;
  }

  private static int fieldSize(Kind.Field field) {
    return field.pointer() ? Long.BYTES : sizeOf(field.kind());
  }

  private void field(Kind.Field field, int structAt) {
    if (field.kind() instanceof Kind.Special special
        && walk.specials().find(special).omitted(walk)) {
      return;
    }
    Kind.Condition present = field.present();
    if (present.anyOf() != 0 && !present.holds(field(present.field()))) {
      return;
    }
    int at = structAt + field.offset();
    if ((field.told() == Kind.Told.UNLESS_ZERO && isNothing(field, at))
        || (field.told() == Kind.Told.UNLESS_FAILED && walk.failed())) {
      return;
    }
    walk.sink().field(field.name());
    if (field.pointer() && field.kind() instanceof Kind.Counted buffer) {
      buffer(buffer, walk.unsigned(at, Long.BYTES), field.told() == Kind.Told.AS_ANSWER);
    } else if (field.pointer()) {
      walk.pointed(field.kind(), walk.unsigned(at, Long.BYTES));
    } else if (field.told() == Kind.Told.UNLESS_FAILED) {
      int after = afterwards(at, fieldSize(field));
      inline(field.kind(), after < 0 ? at : after);
    } else if (field.told() == Kind.Told.AS_CHANGE && !walk.failed()) {
      change(field, at);
    } else {
      inline(field.kind(), at);
    }
  }

  /** Elements where a field points; another says how many. */
  private void buffer(Kind.Counted kind, long address, boolean answer) {
    boolean unwritten = address == 0 || (answer && walk.failed());
    int segment = unwritten ? RecordReader.NO_SEGMENT : walk.find(address);
    if (segment == RecordReader.NO_SEGMENT) {
      walk.sink().address(address);
      return;
    }
    int size = sizeOf(kind.element());
    int there = walk.memory().segmentLength(segment) / size;
    long count = kind.inBytes() ? there : count(kind.count());
    End end = there < count ? walk.isFaulted(segment) ? End.UNREADABLE : End.CUT : End.WHOLE;
    int length = (int) Math.min(there, count) * size;
    array(kind.element(), walk.memory().segmentData(segment), length, 0, end, address);
  }

  /** What a field of the struct that is being told says or, without one, an argument. */
  private long count(String name) {
    if (!fieldKind(name).equals(NONE)) {
      return field(name);
    }
    for (int i = 0; i < walk.call().arguments().size(); i++) {
      if (walk.call().arguments().get(i).name().equals(name)) {
        return walk.register(i) & Walk.mask(walk.call().arguments().get(i).kind().sizeBytes());
      }
    }
    return 0;
  }

  private boolean isNothing(Kind.Field field, int at) {
    return field.kind() instanceof Kind.Counted counted
        ? field(counted.count()) == 0
        : isZero(at, fieldSize(field));
  }

  /** A field as it was given, and as it is now. */
  private void change(Kind.Field field, int at) {
    int after = afterwards(at, fieldSize(field));
    if (after < 0) {
      inline(field.kind(), at);
      return;
    }
    walk.sink().beginChange();
    inline(field.kind(), at);
    walk.sink().becomes();
    inline(field.kind(), after);
    walk.sink().endChange();
  }

  /**
   * Where in the record the bytes at {@code at} of the argument's memory are as the call left them.
   */
  private int afterwards(int at, int bytes) {
    RecordReader memory = walk.memory();
    long address = walk.register(walk.index());
    int before = memory.find(address, walk.index(), Phase.IN);
    int after = memory.find(address, walk.index(), Phase.OUT);
    if (before == RecordReader.NO_SEGMENT || after == RecordReader.NO_SEGMENT) {
      return -1;
    }
    int offset = at - memory.segmentData(before);
    boolean there = offset >= 0 && offset + bytes <= memory.segmentLength(after);
    return there ? memory.segmentData(after) + offset : -1;
  }

  /** Whether a struct is being told. */
  boolean isInside() {
    return depth > 0;
  }

  /** Bytes of the struct that is being told, from {@code at} to its end. */
  int bytesFrom(int at) {
    return currentAt + currentLength - at;
  }

  /** A number in the struct that is being told, whether it is a field or not; 0 beyond its end. */
  long number(int offset, int sizeBytes) {
    return offset + sizeBytes <= currentLength ? walk.unsigned(currentAt + offset, sizeBytes) : 0;
  }

  /** A field of the struct that is being told, as a number; 0 when it has none such. */
  long field(String name) {
    for (int i = 0; i < current.fields().size(); i++) {
      Kind.Field field = current.fields().get(i);
      if (field.name().equals(name)
          && field.offset() + fieldSize(field) <= currentLength
          && fieldSize(field) <= Long.BYTES) {
        return walk.unsigned(currentAt + field.offset(), fieldSize(field));
      }
    }
    return 0;
  }

  /** The names of a field's values; the walk's empty set when it has none. */
  Kind fieldKind(String name) {
    for (int i = 0; i < current.fields().size(); i++) {
      if (current.fields().get(i).name().equals(name)) {
        return current.fields().get(i).kind();
      }
    }
    return NONE;
  }

  private List<Kind.Field> shown(Kind.Struct kind) {
    if (walk.options().verbose()) {
      return kind.fields();
    }
    List<Kind.Field> fields = brief.get(kind);
    if (fields == null) {
      fields = select(kind);
      brief.put(kind, fields);
    }
    return fields;
  }

  private static List<Kind.Field> select(Kind.Struct kind) {
    if (kind.briefFields().isEmpty()) {
      return kind.fields();
    }
    List<Kind.Field> selected = new ArrayList<>();
    for (String name : kind.briefFields()) {
      if (name.equals(Kind.Struct.OMISSION)) {
        selected.add(OMITTED);
      }
      for (Kind.Field field : kind.fields()) {
        if (field.name().equals(name)) {
          selected.add(field);
        }
      }
    }
    return selected;
  }

  /** A value whose bytes are at {@code at}; the caller has seen to it that they are all there. */
  void inline(Kind kind, int at) {
    Sink sink = walk.sink();
    if (kind instanceof Kind.Scalar scalar) {
      long value = walk.unsigned(at, scalar.sizeBytes());
      int unused = 64 - 8 * scalar.sizeBytes();
      sink.number(
          scalar.signed() ? value << unused >> unused : value, scalar.format(), scalar.signed());
    } else if (kind instanceof Kind.Named named) {
      sink.named(walk.unsigned(at, named.sizeBytes()), named.names());
    } else if (kind instanceof Kind.Struct struct) {
      struct(struct, at, struct.sizeBytes());
    } else if (kind instanceof Kind.Array array) {
      array(array.element(), at, sizeOf(array), array.count(), End.WHOLE, 0);
    } else if (kind instanceof Kind.Counted counted) {
      long given = field(counted.count());
      int there = (int) Math.max(0, Math.min(given, counted.most()));
      End end = given > there ? End.CUT : End.WHOLE;
      array(counted.element(), at, there * sizeOf(counted.element()), 0, end, 0);
    } else if (kind instanceof Kind.FixedText text) {
      int end = walk.pointers().terminated(at, text.sizeBytes());
      int shown = Math.min(end, text.sizeBytes() - 1);
      sink.string(walk.memory().buffer(), at, shown, shown < end, Quote.PATH);
    } else if (kind instanceof Kind.Special special) {
      walk.specials().find(special).tellInline(walk, special, at);
    } else {
      sink.phrase(0, "?");
    }
  }

  /**
   * Elements one after the other.
   *
   * @param length bytes that there are
   * @param count of elements when it is fixed, else 0
   * @param address of the first, for an end that could not be read
   */
  void array(Kind element, int at, int length, int count, End end, long address) {
    int size = sizeOf(element);
    int there = size == 0 ? 0 : length / size;
    if ((there == 0 && end != End.WHOLE) || (count > 0 && there < count)) {
      walk.unreadable(address);
      return;
    }
    int wanted = count > 0 ? count : there;
    int limit = walk.options().verbose() ? wanted : Math.min(wanted, walk.options().elementLimit());
    Sink sink = walk.sink();
    sink.beginArray();
    for (int i = 0; i < limit; i++) {
      sink.element();
      inline(element, at + i * size);
    }
    if (limit < wanted) {
      sink.endArray(false);
    } else if (end == End.UNREADABLE) {
      sink.endArrayUnreadable(address + (long) limit * size);
    } else {
      sink.endArray(end == End.WHOLE);
    }
  }
}
