package dev.rastro.bench.tool;

import java.util.List;
import java.util.stream.Collectors;

/** The yardstick in C (reference.c). */
public final class Reference implements Tracer {
  private final String variant;
  private final Talker talker;

  private Reference(String variant) {
    this.variant = variant;
    talker =
        new Talker(
            Place.onOthers(
                List.of(
                    Place.program("reference").toString(),
                    Place.program("reference.bpf.o").toString(),
                    variant)));
    talker.hear();
  }

  /**
   * @param variant as reference.c knows it
   */
  public static Reference load(String variant) {
    return new Reference(variant);
  }

  @Override
  public String name() {
    return "C: " + variant;
  }

  @Override
  public void begin(List<Integer> pids) {
    talker.ask("on " + words(pids));
  }

  /** The same, with a reader that copies each record, as one must who passes it on. */
  public void beginCopying(List<Integer> pids) {
    talker.ask("copy " + words(pids));
  }

  /** Watches without reading; {@link #drain} then reads. */
  public void fill(List<Integer> pids) {
    talker.ask("fill " + words(pids));
  }

  @Override
  public Harvest end() {
    return parse(talker.ask("off"));
  }

  public Harvest drain() {
    return parse(talker.ask("drain"));
  }

  private static String words(List<Integer> pids) {
    return pids.stream().map(String::valueOf).collect(Collectors.joining(" "));
  }

  private static Harvest parse(String answer) {
    String[] words = answer.split(" ", -1);
    return new Harvest(
        Long.parseLong(words[0]), Long.parseLong(words[1]), Long.parseLong(words[2]));
  }

  @Override
  public void close() {
    talker.close();
  }
}
