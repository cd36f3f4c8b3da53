package dev.rastro.bench.tool;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** A program that works on demand and says what an operation took (work.c). */
public final class Worker implements AutoCloseable {

  /**
   * @param nanos wall time of all
   * @param calls system calls made; 0 when the workload does not know
   * @param operationNanos of one operation, in the chunk in the middle
   */
  public record Run(long operations, long nanos, long calls, double operationNanos) {
    static Run parse(String line) {
      String[] words = line.split(" ", -1);
      return new Run(
          Long.parseLong(words[0]),
          Long.parseLong(words[1]),
          Long.parseLong(words[2]),
          Double.parseDouble(words[3]));
    }

    /** 1 when the workload does not count its calls. */
    public double callsAnOperation() {
      return calls == 0 ? 1 : (double) calls / operations;
    }
  }

  private final Talker talker;
  private final List<Integer> pids;

  private Worker(Talker talker) {
    this.talker = talker;
    pids = Stream.of(talker.hear().split(" ", -1)).skip(1).map(Integer::valueOf).toList();
  }

  public static Worker start(String workload) {
    return new Worker(new Talker(Place.onFirst(command(workload))));
  }

  /** On whatever processor is free. */
  public static Worker startAnywhere(String workload) {
    return new Worker(new Talker(command(workload)));
  }

  /** On one processor. */
  public static Worker startOn(int cpu, String workload) {
    return new Worker(new Talker(Place.on(cpu, command(workload))));
  }

  private static List<String> command(String workload) {
    return List.of(Place.program("work").toString(), workload);
  }

  /** Its processes. */
  public List<Integer> pids() {
    return pids;
  }

  public Run run(long millis) {
    return Run.parse(talker.ask("run " + millis));
  }

  /** So many operations a second. */
  public Run pace(long rate, long millis) {
    return Run.parse(talker.ask("pace " + rate + " " + millis));
  }

  /** So many operations, however long they take. */
  public Run repeat(long operations) {
    return Run.parse(talker.ask("do " + operations));
  }

  /** Starts a run that {@link #finish} waits for. */
  public void begin(long millis) {
    talker.say("run " + millis);
  }

  /** The same, so many operations a second. */
  public void beginPace(long rate, long millis) {
    talker.say("pace " + rate + " " + millis);
  }

  public Run finish() {
    return Run.parse(talker.hear());
  }

  /** One run of a worker that another program starts. */
  public static Run under(List<String> tool, String workload, long millis) {
    List<String> command = new ArrayList<>(tool);
    command.addAll(Place.onFirst(command(workload)));
    command.add(Long.toString(millis));
    try {
      Process process =
          new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
      String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      process.waitFor();
      return said.lines()
          .filter(line -> line.matches("\\d+ \\d+ \\d+ [\\d.]+"))
          .map(Run::parse)
          .findFirst()
          .orElseThrow(() -> new IllegalStateException(String.join(" ", command) + ": " + said));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    talker.close();
  }
}
