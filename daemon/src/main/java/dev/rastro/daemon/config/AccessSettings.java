package dev.rastro.daemon.config;

import dev.rastro.daemon.access.Role;

/**
 * What is given to whom without a certificate.
 *
 * @param group name or number; empty for none
 * @param groupMustExist it was asked for; else there is none when it does not exist
 * @param groupRole of its members
 * @param groupPrivileged they see all of processes with rights over the machine, too
 * @param loopbackRole of everybody on loopback TCP
 */
public record AccessSettings(
    String group,
    boolean groupMustExist,
    Role groupRole,
    boolean groupPrivileged,
    Role loopbackRole) {

  /** Made by the package; whoever is in it may trace. */
  static final String DEFAULT_GROUP = "rastro";

  /** For root alone, and viewers on loopback where that is served. */
  static AccessSettings rootAlone() {
    return new AccessSettings("", false, Role.TRACER, false, Role.VIEWER);
  }
}
