package dev.rastro.client.printing;

import dev.rastro.v1.Counts;
import dev.rastro.v1.DetailChange;
import dev.rastro.v1.Event;
import dev.rastro.v1.EventBatch;
import dev.rastro.v1.Gap;
import dev.rastro.v1.LossCount;
import dev.rastro.v1.TraceResponse;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Each event is one JSON object on one line; so is each gap, under the key {@code gap}. */
public final class JsonPrinter implements Printer {
  private final Output output;
  private final Set<Integer> tasks;
  private final Losses losses = new Losses();
  private int awaitedExec;
  private int awaitedTimes;

  public JsonPrinter(Output output, Set<Integer> tasks) {
    this.output = output;
    this.tasks = new TreeSet<>(tasks);
  }

  @Override
  public void beginAtExecOf(int pid, int ordinal) {
    awaitedExec = pid;
    awaitedTimes = ordinal;
    tasks.add(pid);
  }

  @Override
  public void records(ByteBuffer records) {
    throw new IllegalArgumentException("packed records, where events were asked for");
  }

  @Override
  public void events(EventBatch events) {
    StringBuilder lines = new StringBuilder();
    for (Event event : events.getEventsList()) {
      if (awaitedExec != 0) {
        boolean ours = event.getProcess().getPid() == awaitedExec;
        if (!ours || !(event.hasExec() || event.hasExit())) {
          continue;
        }
        if (event.hasExec() && --awaitedTimes > 0) {
          continue;
        }
        awaitedExec = 0;
      }
      if (event.hasExit()) {
        tasks.remove(event.getTid());
      } else {
        tasks.add(event.getTid());
      }
      lines.append(JsonLines.line(event));
    }
    output.write(lines.toString());
  }

  @Override
  public void gap(Gap gap) {
    losses.add(gap);
    output.write(JsonLines.line(TraceResponse.newBuilder().setGap(gap)));
  }

  @Override
  public void detail(DetailChange change) {
    output.write(JsonLines.line(TraceResponse.newBuilder().setDetail(change)));
  }

  @Override
  public void counts(Counts told) {
    losses.add(told);
    output.write(JsonLines.line(TraceResponse.newBuilder().setCounts(told)));
  }

  @Override
  public long counted() {
    return losses.counted();
  }

  @Override
  public void finish() {
    // Nothing is kept back.
  }

  @Override
  public Set<Integer> tasks() {
    return Set.copyOf(tasks);
  }

  @Override
  public List<LossCount> lost() {
    return losses.counts();
  }
}
