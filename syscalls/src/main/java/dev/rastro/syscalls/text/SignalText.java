package dev.rastro.syscalls.text;

import dev.rastro.syscalls.decode.CallDecoder;
import dev.rastro.syscalls.decode.SignalFields;
import dev.rastro.syscalls.record.RecordReader;
import dev.rastro.syscalls.table.Signals;

/** The signal of a record in words. */
final class SignalText {
  private final CallDecoder decoder;
  private final TextSink sink;

  SignalText(CallDecoder decoder, TextStyle style) {
    this.decoder = decoder;
    this.sink = new TextSink(0, style, new TextBuffer());
  }

  void name(RecordReader signal, TextBuffer out) {
    name(signal.number(), out);
  }

  static void name(int signal, TextBuffer out) {
    if (signal > 0 && signal < Signals.LIMIT) {
      out.append(Signals.name(signal));
    } else {
      out.appendDecimal(signal);
    }
  }

  void details(RecordReader signal, TextBuffer out) {
    SignalFields.tell(
        signal.buffer(),
        signal.signalInfo(),
        decoder.names(),
        decoder.syscallNames(),
        sink.writeTo(out));
  }
}
