package dev.rastro.daemon.rpc;

import com.google.protobuf.ByteString;
import dev.rastro.syscalls.decode.CaptureStatus;
import dev.rastro.syscalls.decode.Quote;
import dev.rastro.syscalls.decode.Sink;
import dev.rastro.syscalls.table.Kind;
import dev.rastro.syscalls.table.Names;
import dev.rastro.syscalls.text.TextSink;
import dev.rastro.v1.Argument;
import dev.rastro.v1.Call;
import dev.rastro.v1.Capture;
import dev.rastro.v1.Field;
import dev.rastro.v1.Sequence;
import dev.rastro.v1.Structure;
import dev.rastro.v1.Value;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;

/**
 * Builds values of what a decoder meets, and has a text sink write the same beside it: symbolic
 * names and each argument's text are read back from there. Not thread-safe.
 */
final class ValueSink implements Sink {

  private static final String BEFORE = "before";
  private static final String AFTER = "after";

  /** What is being built: a structure, which waits for a field's value, or a sequence. */
  private sealed interface Open {
    void add(Value value);

    Value close();
  }

  private static final class OpenStructure implements Open {
    private final Structure.Builder fields = Structure.newBuilder();
    private String name = "";

    @Override
    public void add(Value value) {
      fields.addFields(Field.newBuilder().setName(name).setValue(value));
    }

    @Override
    public Value close() {
      return Value.newBuilder().setStructure(fields).build();
    }
  }

  private static final class OpenSequence implements Open {
    private final Sequence.Builder values = Sequence.newBuilder();

    @Override
    public void add(Value value) {
      values.addValues(value);
    }

    @Override
    public Value close() {
      return Value.newBuilder().setSequence(values).build();
    }
  }

  /** An element that has a name: a structure of one field, closed as soon as it has its value. */
  private static final class OpenEntry implements Open {
    private final OpenStructure structure = new OpenStructure();

    OpenEntry(String name) {
      structure.name = name;
    }

    @Override
    public void add(Value value) {
      structure.add(value);
    }

    @Override
    public Value close() {
      return structure.close();
    }
  }

  private final TextSink text;
  private final int stringLimit;
  private final ArrayDeque<Open> open = new ArrayDeque<>();
  private Call.Builder call = Call.newBuilder();
  private Argument.Builder argument = Argument.newBuilder();
  private boolean cut;

  /** Notes are told in words alone: no value is built of them. */
  private boolean inNote;

  ValueSink(TextSink text, int stringLimit) {
    this.text = text;
    this.stringLimit = stringLimit;
  }

  /** Where arguments go from here on. */
  ValueSink into(Call.Builder call) {
    this.call = call;
    open.clear();
    inNote = false;
    return this;
  }

  @Override
  public void beginArgument(String name, Kind kind, boolean named) {
    text.beginArgument(name, kind, named);
    argument = Argument.newBuilder().setName(name).setKind(kind.name());
    cut = false;
  }

  @Override
  public void endArgument(CaptureStatus status) {
    text.endArgument(status);
    argument.setText(since(text.argumentStart()));
    boolean whole = status == CaptureStatus.ENTRY || status == CaptureStatus.EXIT;
    argument.setCapture(cut && whole ? Capture.CAPTURE_TRUNCATED : capture(status));
    call.addArguments(argument);
  }

  @Override
  public void beginResult(Kind kind) {
    text.beginResult(kind);
    argument = Argument.newBuilder();
  }

  @Override
  public void endResult() {
    text.endResult();
  }

  @Override
  public void number(long value, Kind.Format format, boolean signed) {
    text.number(value, format, signed);
    put(signed ? Value.newBuilder().setInteger(value) : Value.newBuilder().setUnsigned(value));
  }

  @Override
  public void named(long value, Names names) {
    int from = text.buffer().length();
    text.named(value, names);
    put(Value.newBuilder().setText(since(from)));
  }

  @Override
  public void phrase(long value, CharSequence words) {
    text.phrase(value, words);
    put(Value.newBuilder().setText(words.toString()));
  }

  @Override
  public void string(ByteBuffer memory, int offset, int length, boolean cutShort, Quote quote) {
    text.string(memory, offset, length, cutShort, quote);
    int shown = quote.isLimited() ? Math.min(length, stringLimit) : length;
    cut |= cutShort || shown < length;
    ByteString bytes = ByteString.copyFrom(memory.slice(offset, shown));
    put(
        !quote.isHex() && bytes.isValidUtf8()
            ? Value.newBuilder().setText(bytes.toStringUtf8())
            : Value.newBuilder().setBytes(bytes));
  }

  @Override
  public void address(long address) {
    text.address(address);
    put(Value.newBuilder().setUnsigned(address));
  }

  @Override
  public void unreadable(long address) {
    text.unreadable(address);
    put(Value.newBuilder().setUnsigned(address));
  }

  @Override
  public void redacted(long address) {
    text.redacted(address);
    put(Value.newBuilder().setUnsigned(address));
  }

  @Override
  public void redactedRest() {
    text.redactedRest();
  }

  @Override
  public void beginStruct() {
    text.beginStruct();
    open.push(new OpenStructure());
  }

  @Override
  public void field(String name) {
    text.field(name);
    nameField(name);
  }

  @Override
  public void unnamedField(String name) {
    text.unnamedField(name);
    nameField(name);
  }

  @Override
  public void omission() {
    text.omission();
  }

  @Override
  public void beyond(long first, long last) {
    text.beyond(first, last);
    nameField("bytes " + first + ".." + last);
  }

  @Override
  public void endStruct(boolean complete) {
    text.endStruct(complete);
    close();
  }

  @Override
  public void beginArray() {
    text.beginArray();
    open.push(new OpenSequence());
  }

  @Override
  public void element() {
    text.element();
  }

  @Override
  public void index(String name) {
    text.index(name);
    open.push(new OpenEntry(name));
  }

  @Override
  public void endArray(boolean complete) {
    text.endArray(complete);
    close();
  }

  @Override
  public void endArrayUnreadable(long address) {
    text.endArrayUnreadable(address);
    close();
  }

  @Override
  public void beginChange() {
    text.beginChange();
    open.push(new OpenStructure());
    nameField(BEFORE);
  }

  @Override
  public void becomes() {
    text.becomes();
    nameField(AFTER);
  }

  @Override
  public void endChange() {
    text.endChange();
    close();
  }

  @Override
  public void comment(CharSequence words) {
    text.comment(words);
  }

  @Override
  public void beginNote() {
    text.beginNote();
    inNote = true;
  }

  @Override
  public void label(String label) {
    text.label(label);
  }

  @Override
  public void endNote() {
    text.endNote();
    inNote = false;
    open.clear();
  }

  private void nameField(String name) {
    if (open.peek() instanceof OpenStructure structure) {
      structure.name = name;
    }
  }

  private void close() {
    if (!open.isEmpty()) {
      put(open.pop().close().toBuilder());
    }
  }

  private void put(Value.Builder value) {
    if (open.peek() instanceof OpenEntry entry) {
      open.pop();
      entry.add(value.build());
      put(entry.close().toBuilder());
    } else if (!open.isEmpty()) {
      open.peek().add(value.build());
    } else if (!inNote) {
      argument.setValue(value);
    }
  }

  private String since(int from) {
    return text.buffer().substring(from, text.buffer().length());
  }

  private static Capture capture(CaptureStatus status) {
    return switch (status) {
      case NONE -> Capture.CAPTURE_UNSPECIFIED;
      case EXIT -> Capture.CAPTURE_EXIT;
      case ENTRY -> Capture.CAPTURE_ENTRY;
      case LATE -> Capture.CAPTURE_LATE;
      case TRUNCATED -> Capture.CAPTURE_TRUNCATED;
      case MISSING -> Capture.CAPTURE_MISSING;
      case FAULT -> Capture.CAPTURE_FAULT;
      case REDUCED -> Capture.CAPTURE_REDUCED;
      case REDACTED -> Capture.CAPTURE_REDACTED;
    };
  }
}
