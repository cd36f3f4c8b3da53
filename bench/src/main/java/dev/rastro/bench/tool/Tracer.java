package dev.rastro.bench.tool;

import java.util.List;

/** A way of watching processes that can be switched on and off. */
public interface Tracer extends AutoCloseable {
  /** What watching has brought. */
  record Harvest(long records, long lost, long readerNanos) {
    static final Harvest NONE = new Harvest(0, 0, 0);
  }

  String name();

  /** Blocks until these processes are watched. */
  void begin(List<Integer> pids);

  Harvest end();

  @Override
  void close();

  /** Nobody watches. */
  static Tracer nobody() {
    return new Tracer() {
      @Override
      public String name() {
        return "untraced";
      }

      @Override
      public void begin(List<Integer> pids) {}

      @Override
      public Harvest end() {
        return Harvest.NONE;
      }

      @Override
      public void close() {}
    };
  }

  /** The same, watching somebody else: what the others of the machine pay. */
  default Tracer ofAnother(String name) {
    Tracer self = this;
    return new Tracer() {
      @Override
      public String name() {
        return name;
      }

      @Override
      public void begin(List<Integer> pids) {
        self.begin(List.of((int) ProcessHandle.current().pid()));
      }

      @Override
      public Harvest end() {
        return self.end();
      }

      @Override
      public void close() {
        self.close();
      }
    };
  }
}
