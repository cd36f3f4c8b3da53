package dev.rastro.daemon;

import dev.rastro.daemon.access.AccessRules;
import dev.rastro.daemon.access.Yama;
import dev.rastro.daemon.config.AccessSettings;
import dev.rastro.daemon.config.Settings;
import dev.rastro.daemon.host.Groups;
import dev.rastro.daemon.host.Host;
import dev.rastro.daemon.rpc.Listening;
import dev.rastro.daemon.rpc.TlsListening;
import java.io.IOException;
import java.util.OptionalInt;

/** Settings in the words of the rooms that use them: who is given what, and where. */
final class Serving {
  private Serving() {}

  /**
   * @throws IOException when there is no such group
   */
  static AccessRules rules(Settings settings) throws IOException {
    AccessSettings access = settings.access();
    return new AccessRules(
        Host.effectiveUser(),
        group(access),
        access.groupRole(),
        access.groupPrivileged(),
        access.loopbackRole(),
        settings.tlsRoles(),
        Yama.ofThisMachine());
  }

  static Listening where(Settings settings) throws IOException {
    return new Listening(
        settings.socket(),
        group(settings.access()),
        settings.ownSocket(),
        settings.loopbackPort(),
        settings
            .tls()
            .map(
                tls ->
                    new TlsListening(tls.address(), tls.certificate(), tls.key(), tls.clientCa())));
  }

  private static OptionalInt group(AccessSettings access) throws IOException {
    OptionalInt gid =
        access.group().isEmpty() ? OptionalInt.empty() : new Groups().number(access.group());
    if (gid.isEmpty() && access.groupMustExist() && !access.group().isEmpty()) {
      throw new IOException(
          "--group: there is no group %s; make it (groupadd --system %1$s) or give another"
              .formatted(access.group()));
    }
    return gid;
  }
}
