package dev.rastro.bench.tool;

import java.util.ArrayList;
import java.util.List;

/** Tracers that start the program they watch, those of them that are installed. */
public final class Peers {

  /**
   * @param prefix what stands before the program's own command
   */
  public record Peer(String name, List<String> prefix) {}

  private Peers() {}

  /**
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
}
