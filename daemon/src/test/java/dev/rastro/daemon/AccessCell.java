package dev.rastro.daemon;

import dev.rastro.daemon.access.Sight;
import dev.rastro.daemon.access.Yama;
import dev.rastro.v1.Target;
import dev.rastro.v1.TracerGrpc;
import java.util.List;
import java.util.stream.Stream;

/** A caller and a process, and what the one may see of the other. */
record AccessCell(AccessWorld world, String caller, String whose, int uid, Sight sight) {
  /** What each may see of their own, of another user's and of root's processes. */
  private static final String MATRIX =
      """
      root                       full  full     full
      member, viewer             own   figures  figures
      member, own socket         own   figures  figures
      member, tracer             full  full     figures
      member, privileged tracer  full  full     full
      member, admin              full  full     full
      stranger                   own   nothing  nothing
      stranger, group's socket   own   nothing  nothing
      certificate, viewer        -     figures  figures
      certificate, tracer        -     full     full
      certificate, admin         -     full     full
      certificate, none          -     nothing  nothing
      loopback, viewer           -     figures  figures
      loopback, tracer           -     full     full
      """;

  static List<AccessCell> all(AccessWorld world) {
    return MATRIX.lines().flatMap(line -> cells(world, line)).toList();
  }

  private static Stream<AccessCell> cells(AccessWorld world, String line) {
    String[] row = line.strip().split("\\s{2,}", -1);
    int own = row[0].startsWith("member") ? AccessWorld.MEMBER : AccessWorld.STRANGER;
    Stream<AccessCell> others =
        Stream.of(
            new AccessCell(world, row[0], "another user's", AccessWorld.NEIGHBOUR, sight(row[2])),
            new AccessCell(world, row[0], "root's", 0, sight(row[3])));
    boolean hasOwn = !row[1].equals("-") && !row[0].equals("root");
    return hasOwn
        ? Stream.concat(
            Stream.of(new AccessCell(world, row[0], "their own", own, sight(row[1]))), others)
        : others;
  }

  /** Where Yama holds, to be somebody's own is not enough to be seen. */
  private static Sight sight(String word) {
    boolean attachable = Yama.ofThisMachine().scope() == Yama.Scope.ANY;
    return switch (word) {
      case "full" -> Sight.FULL;
      case "figures" -> Sight.FIGURES;
      case "own" -> attachable ? Sight.FULL : Sight.FIGURES;
      default -> Sight.NOTHING;
    };
  }

  TracerGrpc.TracerBlockingStub tracer() {
    return world.clients().get(caller).tracer();
  }

  boolean isAdmin() {
    return caller.equals("root") || caller.endsWith("admin");
  }

  boolean isNobody() {
    return caller.equals("certificate, none");
  }

  boolean seesEverybody() {
    return !isNobody() && !caller.startsWith("stranger");
  }

  int asleep() {
    return world.asleep(uid).pid();
  }

  Canary awake() {
    return world.awake(uid);
  }

  Target target() {
    return Target.newBuilder().addPids(awake().pid()).setFollowForks(true).build();
  }
}
