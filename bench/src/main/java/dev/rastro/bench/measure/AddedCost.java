package dev.rastro.bench.measure;

import dev.rastro.bench.Effort;
import dev.rastro.bench.tool.Daemon;
import dev.rastro.bench.tool.Reference;
import dev.rastro.bench.tool.Rounds;
import dev.rastro.bench.tool.Session;
import dev.rastro.bench.tool.Table;
import dev.rastro.bench.tool.Target;
import dev.rastro.bench.tool.Tracer;
import dev.rastro.bench.tool.Worker;
import java.util.List;

/** What being watched adds to a call, beside a C program that does the same. */
public final class AddedCost {
  private static final int BYTES = 128;
  private static final double LIMIT = 1.10;

  private record Shape(String name, String workload, Tracer ours, Tracer reference) {}

  private AddedCost() {}

  public static List<Table> measure(Effort effort) {
    Table shapes =
        Table.of(
            "Traced program: added time per call, by shape",
            "Nanoseconds that a call takes longer; the ratio is that of pairs in the same round."
                + " Medians (outer tenths). A stream of Rastro's also keeps sums of its calls, and"
                + " so does the yardstick, where it is not said otherwise.",
            "shape",
            "workload",
            "untraced ns",
            "C adds ns",
            "Rastro adds ns",
            "Rastro / C",
            "target");
    try (Daemon daemon = Daemon.start();
        Daemon open = Daemon.start("--no-usual-secrets");
        Reference bare = Reference.load("call");
        Reference call = Reference.load("call+count");
        Reference bytes = Reference.load("bytes+count");
        Reference count = Reference.load("count");
        Reference empty = Reference.load("empty")) {
      Session packed = Session.packed(daemon.connection());
      Session withBytes = Session.packed(daemon.connection()).withBytes(BYTES);
      Session unhidden = Session.packed(open.connection()).withBytes(BYTES);
      Session counting = Session.counting(daemon.connection());
      for (Shape shape :
          List.of(
              new Shape("stream, integers", "getppid", packed, call),
              new Shape("the same, C without sums", "getppid", packed, bare),
              new Shape("stream, 128 bytes", "write128", withBytes, bytes),
              new Shape("the same, no rules about secrets", "write128", unhidden, bytes),
              new Shape("stream, one byte", "byte", withBytes, bytes),
              new Shape("the same, no rules about secrets", "byte", unhidden, bytes),
              new Shape("stream, path and bytes", "file", withBytes, bytes),
              new Shape("stream, two tasks", "pingpong", withBytes, bytes),
              new Shape("summary only", "getppid", counting, count),
              new Shape(
                  "gate miss / empty", "getppid", packed.ofAnother("Rastro: others"), empty))) {
        add(shapes, shape, effort);
      }
      addIdle(shapes, effort);
    }
    return List.of(shapes);
  }

  private static void add(Table table, Shape shape, Effort effort) {
    Tracer nobody = Tracer.nobody();
    try (Worker worker = Worker.start(shape.workload())) {
      Rounds rounds =
          Rounds.run(
              worker,
              List.of(nobody, shape.reference(), shape.ours()),
              effort.rounds(),
              effort.millis());
      double ratio = rounds.ratio(shape.ours(), shape.reference()).median();
      table.add(
          shape.name(),
          shape.workload(),
          rounds.callNanos(nobody).show("%.0f"),
          rounds.added(shape.reference()).show("%.0f"),
          rounds.added(shape.ours()).show("%.0f"),
          rounds.ratio(shape.ours(), shape.reference()).show("%.2f"),
          Target.atMost(ratio, LIMIT, ""));
    }
  }

  /** A daemon is running, and nobody asks it for anything: it has nothing attached. */
  private static void addIdle(Table table, Effort effort) {
    Tracer before = Tracer.nobody();
    Tracer after = Tracer.nobody();
    try (Worker worker = Worker.start("getppid")) {
      Rounds rounds = Rounds.run(worker, List.of(before, after), effort.rounds(), effort.millis());
      table.add(
          "daemon idle",
          "getppid",
          rounds.callNanos(before).show("%.0f"),
          "–",
          rounds.added(after).show("%.0f"),
          "–",
          "0: nothing attached");
    }
  }
}
