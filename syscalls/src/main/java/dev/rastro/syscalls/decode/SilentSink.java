package dev.rastro.syscalls.decode;

import dev.rastro.syscalls.table.Kind;
import dev.rastro.syscalls.table.Names;
import java.nio.ByteBuffer;

/**
 * Hears the arguments that do not belong to the part that is asked for. Who wants to hear some
 * things only extends it.
 */
class SilentSink implements Sink {
  static final SilentSink INSTANCE = new SilentSink();

  SilentSink() {}

  @Override
  public void beginArgument(String name, Kind kind, boolean named) {}

  @Override
  public void endArgument(CaptureStatus status) {}

  @Override
  public void beginResult(Kind kind) {}

  @Override
  public void endResult() {}

  @Override
  public void number(long value, Kind.Format format, boolean signed) {}

  @Override
  public void named(long value, Names names) {}

  @Override
  public void phrase(long value, CharSequence text) {}

  @Override
  public void string(ByteBuffer memory, int offset, int length, boolean cut, Quote quote) {}

  @Override
  public void address(long address) {}

  @Override
  public void unreadable(long address) {}

  @Override
  public void beginStruct() {}

  @Override
  public void field(String name) {}

  @Override
  public void unnamedField(String name) {}

  @Override
  public void omission() {}

  @Override
  public void beyond(long first, long last) {}

  @Override
  public void endStruct(boolean complete) {}

  @Override
  public void beginArray() {}

  @Override
  public void element() {}

  @Override
  public void index(String name) {}

  @Override
  public void endArray(boolean complete) {}

  @Override
  public void endArrayUnreadable(long address) {}

  @Override
  public void beginChange() {}

  @Override
  public void becomes() {}

  @Override
  public void endChange() {}

  @Override
  public void comment(CharSequence text) {}

  @Override
  public void beginNote() {}

  @Override
  public void label(String label) {}

  @Override
  public void endNote() {}
}
