package dev.rastro.daemon.rpc;

import dev.rastro.daemon.detail.Detail;
import dev.rastro.daemon.kernel.Degradation;
import dev.rastro.daemon.session.Batch;
import dev.rastro.daemon.session.Counts;
import dev.rastro.daemon.session.Order;
import dev.rastro.daemon.session.Session;
import dev.rastro.syscalls.table.SyscallTable;
import dev.rastro.v1.Ended;
import dev.rastro.v1.EventBatch;
import dev.rastro.v1.Gap;
import dev.rastro.v1.Progress;
import dev.rastro.v1.WatchProcessesResponse;
import java.util.List;
import java.util.Optional;

/** WatchProcesses' messages. */
final class WatchMessages implements Messages<WatchProcessesResponse> {

  private final SyscallTable table;
  private final List<Degradation> degradations;
  private final EventDecoder decoder;

  WatchMessages(SyscallTable table, Order order, List<Degradation> degradations) {
    this.table = table;
    this.degradations = degradations;
    this.decoder = new EventDecoder(table, order.wish().stringBytes(), false, false);
  }

  @Override
  public WatchProcessesResponse started(Session session, boolean resumed) {
    return WatchProcessesResponse.newBuilder()
        .setStarted(Beginning.of(session, table, degradations, resumed))
        .build();
  }

  @Override
  public Optional<WatchProcessesResponse> events(Batch batch, long cursor) {
    EventBatch events = decoder.decode(batch, cursor);
    return events.getEventsCount() == 0
        ? Optional.empty()
        : Optional.of(WatchProcessesResponse.newBuilder().setEvents(events).build());
  }

  @Override
  public WatchProcessesResponse gap(Gap gap) {
    return WatchProcessesResponse.newBuilder().setGap(gap).build();
  }

  @Override
  public WatchProcessesResponse detail(Detail detail) {
    throw new IllegalStateException("the lives of processes have one detail");
  }

  @Override
  public WatchProcessesResponse counts(Counts counts, long cursor) {
    throw new IllegalStateException("the lives of processes are not counted");
  }

  @Override
  public WatchProcessesResponse progress(Progress progress) {
    return WatchProcessesResponse.newBuilder().setProgress(progress).build();
  }

  @Override
  public WatchProcessesResponse ended(Ended ended) {
    return WatchProcessesResponse.newBuilder().setEnded(ended).build();
  }
}
