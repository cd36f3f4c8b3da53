package dev.rastro.bench.tool;

import java.util.ArrayList;
import java.util.List;

/** Other tracers, those of them that are installed. */
public final class Peers {

  /**
   * @param prefix what stands before the program's own command
   */
  public record Peer(String name, List<String> prefix) {}

  private Peers() {}

  /**
   * Those that start the program they watch.
   *
   * @param socket of the daemon that Rastro's client is to use
   */
  public static List<Peer> installed(String socket) {
    List<Peer> peers = new ArrayList<>();
    peers.add(
        new Peer(
            "rastro trace",
            List.of(Place.rastro(), "trace", "--socket", socket, "-f", "-o", "/dev/null", "--")));
    if (Place.has("strace")) {
      peers.add(new Peer("strace", List.of("strace", "-f", "-o", "/dev/null", "--")));
    }
    if (Place.has("perf")) {
      peers.add(new Peer("perf trace", List.of("perf", "trace", "-o", "/dev/null", "--")));
    }
    peers.add(
        new Peer(
            "rastro trace -e connect",
            List.of(
                Place.rastro(),
                "trace",
                "--socket",
                socket,
                "-f",
                "-e",
                "trace=connect",
                "-o",
                "/dev/null",
                "--")));
    if (Place.has("strace")) {
      peers.add(
          new Peer(
              "strace --seccomp-bpf -e connect",
              List.of(
                  "strace",
                  "-f",
                  "--seccomp-bpf",
                  "-e",
                  "trace=connect",
                  "-o",
                  "/dev/null",
                  "--")));
    }
    return List.copyOf(peers);
  }

  /** Those that only count, whoever calls. */
  public static List<Peer> installedCounters() {
    List<Peer> counters = new ArrayList<>();
    if (Place.has("bpftrace")) {
      counters.add(
          new Peer(
              "bpftrace, counting",
              List.of(
                  "bpftrace",
                  "-e",
                  "tracepoint:raw_syscalls:sys_enter /comm == \"work\"/ { @[args->id] = count(); }")));
    }
    if (Place.has("syscount")) {
      counters.add(new Peer("syscount", List.of("syscount")));
    }
    return List.copyOf(counters);
  }
}
