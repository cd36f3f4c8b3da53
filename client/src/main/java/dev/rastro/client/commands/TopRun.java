// SPDX-License-Identifier: Apache-2.0
package dev.rastro.client.commands;

import dev.rastro.client.connection.Connection;
import dev.rastro.client.connection.Endpoint;
import dev.rastro.client.connection.SummaryFrames;
import dev.rastro.client.connection.TraceStream;
import dev.rastro.client.failure.ClientFailure;
import dev.rastro.client.launch.OwnProcess;
import dev.rastro.client.launch.Terminal;
import dev.rastro.client.screen.Key;
import dev.rastro.client.screen.Line;
import dev.rastro.client.screen.Screen;
import dev.rastro.client.top.Top;
import dev.rastro.client.top.TopTable;
import dev.rastro.client.top.TopView;
import dev.rastro.client.top.TraceTail;
import dev.rastro.v1.SummaryBy;
import dev.rastro.v1.SummaryFrame;
import dev.rastro.v1.Target;
import dev.rastro.v1.TraceRequest;
import dev.rastro.v1.TraceResponse;
import dev.rastro.v1.WatchSummaryRequest;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.stream.Collectors;

/** One view of what happens, on a screen or in pictures that follow each other. */
final class TopRun {
  /** Frames that wait to be looked at; while none is, the daemon makes no more. */
  private static final int WAITING_FRAMES = 16;

  /** As long as a changed size of the terminal, or a new frame, may go unnoticed. */
  private static final int PATIENCE_MILLIS = 100;

  private final TopCommand.Arguments arguments;
  private final Connection connection;
  private final Interruption interruption;
  private final Top top;
  private final BlockingQueue<SummaryFrame> frames = new ArrayBlockingQueue<>(WAITING_FRAMES);
  private volatile Optional<ClientFailure> failure = Optional.empty();
  private volatile boolean stopped;

  TopRun(TopCommand.Arguments arguments, Connection connection, Interruption interruption) {
    this.arguments = arguments;
    this.connection = connection;
    this.interruption = interruption;
    boolean sameHost = arguments.endpoint() instanceof Endpoint.Socket;
    this.top =
        new Top(
            new TopTable(sameHost ? OwnProcess.pid() : 0),
            new TopView(arguments.question()),
            arguments.title());
  }

  /** Blocks until somebody has enough of it. */
  Outcome run() {
    try (SummaryFrames stream = connection.watchSummary(request())) {
      interruption.onStop(
          () -> {
            stopped = true;
            stream.cancel();
          });
      var unused = stream.started();
      if (arguments.pictures() || !Terminal.isInteractive()) {
        pictures(stream);
      } else {
        Thread reader = new Thread(() -> read(stream), "frames");
        reader.setDaemon(true);
        reader.start();
        onScreen();
      }
    }
    failure.ifPresent(
        broken -> {
          throw broken;
        });
    return interruption.signal() == 0 ? Outcome.OK : Outcome.interrupted(interruption.signal());
  }

  private WatchSummaryRequest request() {
    return WatchSummaryRequest.newBuilder()
        .setTarget(arguments.target())
        .setFilter(Requests.filter(arguments.expression()))
        .setBy(SummaryBy.SUMMARY_BY_BOTH)
        .setIntervalNanos(arguments.interval().toNanos())
        .build();
  }

  // ---- pictures ----

  private void pictures(SummaryFrames stream) {
    int shown = 0;
    boolean first = true;
    while (arguments.frames() == 0 || shown < arguments.frames()) {
      Optional<SummaryFrame> frame = stream.frame();
      if (frame.isEmpty()) {
        return;
      }
      if (top.apply(frame.get())) {
        // Of the first frame nobody knows in what time it came about.
        if (!first) {
          System.out.print((shown == 0 ? "" : "\n") + picture());
          System.out.flush();
          shown++;
        }
        first = false;
      }
    }
  }

  private String picture() {
    return top.plain(arguments.rows(), CommonOptions.width()).stream()
        .map(line -> line.text().stripTrailing() + "\n")
        .collect(Collectors.joining());
  }

  // ---- on the screen ----

  private void read(SummaryFrames stream) {
    try {
      Optional<SummaryFrame> frame = stream.frame();
      while (frame.isPresent()) {
        frames.put(frame.get());
        frame = stream.frame();
      }
    } catch (ClientFailure broken) {
      failure = Optional.of(broken);
    } catch (InterruptedException hurried) {
      Thread.currentThread().interrupt();
    }
    stopped = true;
  }

  private void onScreen() {
    try (Screen screen = Screen.open(mayColour())) {
      Terminal size = new Terminal(0, 0);
      boolean changed = true;
      while (!stopped) {
        Terminal now = size();
        changed |= !top.isPaused() && takeFrames();
        if (changed || !now.equals(size)) {
          screen.draw(top.lines(now.rows(), now.columns()), now.rows(), now.columns());
        }
        size = now;
        Optional<Key> key = screen.key(PATIENCE_MILLIS);
        changed = key.isPresent();
        if (changed && !obey(top.press(key.get(), now.rows()), screen)) {
          return;
        }
      }
    }
  }

  /** See no-color.org. */
  private static boolean mayColour() {
    return Optional.ofNullable(System.getenv("NO_COLOR")).filter(no -> !no.isEmpty()).isEmpty();
  }

  private boolean takeFrames() {
    boolean whole = false;
    for (SummaryFrame frame = frames.poll(); frame != null; frame = frames.poll()) {
      whole |= top.apply(frame);
    }
    return whole;
  }

  /** False when it is to end. */
  private boolean obey(TopView.Wish wish, Screen screen) {
    if (wish instanceof TopView.Wish.Trace trace) {
      return trace(trace.pid(), screen);
    }
    return !(wish instanceof TopView.Wish.Quit);
  }

  /** The calls of one process as they happen. False when it is to end. */
  private boolean trace(int pid, Screen screen) {
    TraceTail tail = new TraceTail(pid);
    try (TraceStream stream = connection.trace(traceRequest(pid))) {
      Thread reader = new Thread(() -> read(stream, tail), "trace");
      reader.setDaemon(true);
      reader.start();
      boolean paused = false;
      Terminal size = new Terminal(0, 0);
      long drawn = -1;
      while (!stopped) {
        Terminal now = size();
        long told = paused ? drawn : tail.told();
        if (told != drawn || !now.equals(size)) {
          List<Line> page = tail.page(now.rows(), now.columns(), paused);
          screen.draw(page, now.rows(), now.columns());
        }
        drawn = told;
        size = now;
        Optional<Key> key = screen.key(PATIENCE_MILLIS);
        if (key.isEmpty()) {
          continue;
        }
        if (key.get().is(" ")) {
          paused = !paused;
          drawn = -1;
        } else if (key.get().is("q")) {
          return false;
        } else if (key.get().name() == Key.Name.BACK || key.get().name() == Key.Name.ESCAPE) {
          return true;
        }
      }
    }
    return false;
  }

  private static void read(TraceStream stream, TraceTail tail) {
    try {
      Optional<TraceResponse> message = stream.next();
      while (message.isPresent()) {
        tail.add(message.get());
        message = stream.next();
      }
    } catch (ClientFailure broken) {
      tail.end(broken.getMessage());
    }
  }

  private TraceRequest traceRequest(int pid) {
    return TraceRequest.newBuilder()
        .setTarget(Target.newBuilder().addPids(pid))
        .setFilter(Requests.filter(arguments.expression()))
        .setWithLine(true)
        .setWithBlocked(true)
        .setEndWithTarget(true)
        .build();
  }

  /** What a terminal that does not tell is taken for. */
  private static Terminal size() {
    return Terminal.ofOutput()
        .filter(size -> size.rows() > 0 && size.columns() > 0)
        .orElse(new Terminal(24, 80));
  }
}
