package dev.rastro.daemon.access;

import dev.rastro.daemon.kernel.ProcFs;
import dev.rastro.daemon.kernel.Reach;
import dev.rastro.daemon.kernel.Rights;
import java.util.Collection;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Who calls, as the transport tells: worked out once for a connection, by {@link AccessRules}.
 *
 * @param name for people: {@code unix user alice}, {@code tls CN=dashboard}, {@code tcp
 *     127.0.0.1:4242}
 * @param key whose sessions and limits are theirs: the same for all connections of one user or
 *     subject
 * @param role empty for whom none was given
 * @param figures the processes whose figures they may see
 * @param full those of which they may see all
 * @param startedBy of these only what this process has started
 */
public record Caller(
    String name,
    String key,
    Optional<Role> role,
    Reach figures,
    Reach full,
    OptionalInt startedBy) {

  /** The daemon itself: what its settings ask for. */
  public static Caller daemon() {
    return new Caller(
        "standing target",
        "daemon",
        Optional.of(Role.ADMIN),
        Reach.EVERY,
        Reach.EVERY,
        OptionalInt.empty());
  }

  public boolean isAdmin() {
    return role.filter(Role.ADMIN::equals).isPresent();
  }

  /** Nothing is to be had for them. */
  public boolean isNobody() {
    return figures.equals(Reach.NOBODY);
  }

  /** There is no process that they may not see all of. */
  public boolean seesEverything() {
    return full.isEvery();
  }

  /** Of a process as it is at this moment; {@code NOTHING} when it is gone. */
  public Sight sight(int pid) {
    if (seesEverything()) {
      return Sight.FULL;
    }
    Optional<Rights> rights = Rights.of(pid);
    if (rights.filter(full::covers).isPresent() && isStarted(pid)) {
      return Sight.FULL;
    }
    return figures.isEvery() || rights.filter(figures::covers).isPresent()
        ? Sight.FIGURES
        : Sight.NOTHING;
  }

  /**
   * What a session of theirs may see. Who is named and out of sight is for the session to refuse.
   *
   * @param named processes and threads
   * @param chosen it looks for others, too, by what they are
   */
  public Permit permit(Collection<Integer> named, boolean chosen, Sight wanted) {
    boolean may =
        startedBy.isEmpty() || (!chosen && named.stream().allMatch(pid -> isStarted(pid)));
    boolean less =
        !figures.equals(full) && named.stream().anyMatch(pid -> sight(pid) == Sight.FIGURES);
    return wanted == Sight.FULL && may && !less && !full.equals(Reach.NOBODY)
        ? new Permit(Sight.FULL, full)
        : new Permit(Sight.FIGURES, figures);
  }

  /**
   * How much a session may see, and of whom.
   *
   * @param sight one for all of its processes
   */
  public record Permit(Sight sight, Reach reach) {}

  private boolean isStarted(int pid) {
    return startedBy.isEmpty() || ProcFs.descends(pid, startedBy.getAsInt());
  }

  /** Whether what belongs to one caller is this one's to see: their own, and for admins all. */
  public boolean owns(Caller other) {
    return isAdmin() || key.equals(other.key);
  }
}
