package dev.rastro.daemon.access;

import dev.rastro.daemon.kernel.PeerCredentials;
import dev.rastro.daemon.kernel.Reach;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import javax.security.auth.x500.X500Principal;

/**
 * Who is given what. {@code docs/security.md} has the same as a table.
 *
 * <pre>
 *                                       figures of        all of
 * root, and whom the daemon runs as     every process     every process
 * the group: viewer                     every process     their own
 *            tracer                     every process     processes without rights over the machine
 *            tracer, privileged too     every process     every process
 *            admin                      every process     every process
 * any other user                        their own         their own
 * certificate, loopback: viewer         every process     none
 *                        tracer, admin  every process     every process
 * a subject without a role              none              none
 * </pre>
 *
 * "Their own" are processes that ptrace(2) would let them attach to; where Yama restricts that, of
 * these what they have started themselves, or none.
 *
 * @param self the uid that the daemon runs as
 * @param group whose members have the role; empty for no group
 * @param groupPrivileged members see all of processes with rights over the machine, root's among
 *     them: as good as being root
 * @param loopbackRole of everybody on loopback TCP, who cannot be told apart
 * @param subjects roles by the subjects of certificates
 * @param yama where the kernel says what ptrace(2) is restricted to
 */
public record AccessRules(
    int self,
    OptionalInt group,
    Role groupRole,
    boolean groupPrivileged,
    Role loopbackRole,
    Map<X500Principal, Role> subjects,
    Yama yama) {

  private static final int ROOT = 0;

  public AccessRules {
    subjects = Map.copyOf(subjects);
  }

  /**
   * Over a Unix socket.
   *
   * @param user their name, for people
   */
  public Caller local(PeerCredentials peer, String user) {
    Reach own = Reach.own(peer.uid(), peer.gid());
    Yama.Scope scope = yama.scope();
    Optional<Role> role = localRole(peer);
    Reach attachable = scope == Yama.Scope.NOBODY ? Reach.NOBODY : own;
    Reach full = attachable;
    if (role.isPresent()) {
      full =
          switch (role.get()) {
            case VIEWER -> attachable;
            case TRACER -> groupPrivileged ? Reach.EVERY : Reach.UNPRIVILEGED;
            case ADMIN -> Reach.EVERY;
          };
    }
    boolean restricted = scope == Yama.Scope.DESCENDANTS && full.equals(own);
    return new Caller(
        "unix user " + user,
        "uid " + Integer.toUnsignedString(peer.uid()),
        role,
        role.isPresent() ? Reach.EVERY : own,
        full,
        restricted ? OptionalInt.of(peer.pid()) : OptionalInt.empty());
  }

  private Optional<Role> localRole(PeerCredentials peer) {
    if (peer.uid() == ROOT || peer.uid() == self) {
      return Optional.of(Role.ADMIN);
    }
    return group.isPresent() && peer.isIn(group.getAsInt())
        ? Optional.of(groupRole)
        : Optional.empty();
  }

  /** Over TLS, with a certificate that was found good. */
  public Caller certified(X500Principal subject) {
    String name = subject.getName();
    return remote("tls " + name, name, Optional.ofNullable(subjects.get(subject)));
  }

  /** Over plain TCP on a loopback address, {@code 127.0.0.1:4242}. */
  public Caller loopback(String address) {
    return remote("tcp " + address, "loopback", Optional.of(loopbackRole));
  }

  /** Nobody known: it fails closed. */
  public static Caller stranger(String name) {
    return remote(name, name, Optional.empty());
  }

  private static Caller remote(String name, String key, Optional<Role> role) {
    Reach full = role.filter(Role.VIEWER::equals).isPresent() ? Reach.NOBODY : Reach.EVERY;
    return new Caller(
        name,
        key,
        role,
        role.isPresent() ? Reach.EVERY : Reach.NOBODY,
        role.isPresent() ? full : Reach.NOBODY,
        OptionalInt.empty());
  }
}
