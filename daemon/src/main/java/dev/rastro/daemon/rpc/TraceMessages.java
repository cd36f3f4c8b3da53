package dev.rastro.daemon.rpc;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import dev.rastro.daemon.detail.Detail;
import dev.rastro.daemon.kernel.Degradation;
import dev.rastro.daemon.session.Batch;
import dev.rastro.daemon.session.Counts;
import dev.rastro.daemon.session.Order;
import dev.rastro.daemon.session.Session;
import dev.rastro.syscalls.table.SyscallTable;
import dev.rastro.syscalls.text.DescriptorChoice;
import dev.rastro.v1.DetailChange;
import dev.rastro.v1.Ended;
import dev.rastro.v1.EventBatch;
import dev.rastro.v1.Gap;
import dev.rastro.v1.PackedBatch;
import dev.rastro.v1.Progress;
import dev.rastro.v1.TraceRequest;
import dev.rastro.v1.TraceResponse;
import java.util.List;
import java.util.Optional;

/** Trace's messages, in the form that was asked for. */
final class TraceMessages implements Messages<TraceResponse> {

  private final SyscallTable table;
  private final List<Degradation> degradations;
  private final Order.Form form;
  private final boolean kept;
  private final EventDecoder decoder;

  TraceMessages(
      SyscallTable table, TraceRequest request, Order order, List<Degradation> degradations) {
    this.table = table;
    this.degradations = degradations;
    this.form = order.form();
    this.kept = order.terms().historyBytes() > 0;
    this.decoder =
        new EventDecoder(
            table,
            order.wish().stringBytes(),
            request.getVerbose(),
            request.getWithLine(),
            request.getWithDescriptors() ? DescriptorChoice.ALL : DescriptorChoice.NONE);
  }

  @Override
  public TraceResponse started(Session session, boolean resumed) {
    return TraceResponse.newBuilder()
        .setStarted(Beginning.of(session, table, degradations, resumed))
        .build();
  }

  @Override
  public Optional<TraceResponse> events(Batch batch, long cursor) {
    return switch (form) {
      case PACKED ->
          Optional.of(TraceResponse.newBuilder().setPacked(packed(batch, cursor)).build());
      // Of a session that counts only lifecycle events come, and they are wanted in words.
      case DECODED, COUNT -> {
        EventBatch events = decoder.decode(batch, cursor);
        yield events.getEventsCount() == 0
            ? Optional.empty()
            : Optional.of(TraceResponse.newBuilder().setEvents(events).build());
      }
    };
  }

  private PackedBatch packed(Batch batch, long cursor) {
    ByteString records =
        kept
            ? ByteString.copyFrom(batch.records())
            : UnsafeByteOperations.unsafeWrap(batch.records());
    return PackedBatch.newBuilder()
        .setFirstSequence(batch.firstSequence())
        .setCount(batch.events())
        .setCursor(cursor)
        .setRecords(records)
        .build();
  }

  @Override
  public TraceResponse gap(Gap gap) {
    return TraceResponse.newBuilder().setGap(gap).build();
  }

  @Override
  public TraceResponse detail(Detail detail) {
    return TraceResponse.newBuilder()
        .setDetail(DetailChange.newBuilder().setDetail(Wire.detail(detail)))
        .build();
  }

  @Override
  public TraceResponse counts(Counts counts, long cursor) {
    return TraceResponse.newBuilder().setCounts(Wire.counts(counts, table, cursor)).build();
  }

  @Override
  public TraceResponse progress(Progress progress) {
    return TraceResponse.newBuilder().setProgress(progress).build();
  }

  @Override
  public TraceResponse ended(Ended ended) {
    return TraceResponse.newBuilder().setEnded(ended).build();
  }
}
