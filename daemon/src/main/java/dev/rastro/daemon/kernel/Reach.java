package dev.rastro.daemon.kernel;

/**
 * Which processes somebody may see, by the rights that these have. For sessions the kernel decides
 * by the same rules, task by task (bpf/reach.bpf.h): a process may take on other rights at any
 * exec.
 *
 * @param uid whose processes, for {@link Kind#OWN}
 * @param gid of that user, the primary one
 */
public record Reach(Kind kind, int uid, int gid) {
  public static final Reach EVERY = of(Kind.EVERY);
  public static final Reach UNPRIVILEGED = of(Kind.UNPRIVILEGED);
  public static final Reach NOBODY = of(Kind.NOBODY);

  /** By what rule. */
  public enum Kind {
    EVERY,
    /**
     * Processes of any user without rights over the machine: not root's, without capabilities, and
     * such as their own users could look into.
     */
    UNPRIVILEGED,
    /**
     * Processes of one user, such as ptrace(2) would let them attach to: all ids are theirs, and
     * nothing was gained by a set-user-ID program or a capability.
     */
    OWN,
    NOBODY
  }

  private static Reach of(Kind kind) {
    return new Reach(kind, 0, 0);
  }

  public static Reach own(int uid, int gid) {
    return new Reach(Kind.OWN, uid, gid);
  }

  public boolean covers(Rights rights) {
    return switch (kind) {
      case EVERY -> true;
      case NOBODY -> false;
      case UNPRIVILEGED ->
          rights.dumpable()
              && !rights.uids().haveRoot()
              && !(rights.capable() && rights.machineWide());
      case OWN ->
          rights.dumpable()
              && !rights.capable()
              && rights.uids().areAll(uid)
              && rights.gids().areAll(gid);
    };
  }

  /** Of a process by its number; false when it is gone. */
  public boolean covers(int pid) {
    return isEvery() || Rights.of(pid).filter(this::covers).isPresent();
  }

  /** Whether a process has rights beyond this; false when it is gone. */
  public boolean isExceededBy(int pid) {
    return !isEvery() && Rights.of(pid).filter(rights -> !covers(rights)).isPresent();
  }

  public boolean isEvery() {
    return kind == Kind.EVERY;
  }

  /** For people. */
  public String words() {
    return switch (kind) {
      case EVERY -> "every process";
      case NOBODY -> "no process";
      case UNPRIVILEGED -> "processes without rights over the machine";
      case OWN -> "processes of uid " + Integer.toUnsignedString(uid);
    };
  }
}
