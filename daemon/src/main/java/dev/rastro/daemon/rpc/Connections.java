package dev.rastro.daemon.rpc;

import dev.rastro.daemon.access.AccessRules;
import dev.rastro.daemon.access.Caller;
import dev.rastro.daemon.access.LimitReached;
import dev.rastro.daemon.access.Peers;
import dev.rastro.daemon.host.Users;
import io.grpc.Attributes;
import io.grpc.Grpc;
import io.grpc.ServerTransportFilter;
import java.net.InetSocketAddress;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Predicate;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import javax.security.auth.x500.X500Principal;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Works out who is at the other end of each connection, once, when it is ready; ends those whose
 * right to be there has ended.
 */
final class Connections extends ServerTransportFilter {
  private static final Logger LOG = LoggerFactory.getLogger(Connections.class);

  private final Peers peers;
  private final Users users = new Users();
  private final Map<Connection, Function<AccessRules, Caller>> known = new ConcurrentHashMap<>();
  private final Predicate<X509Certificate[]> trusted;
  private volatile AccessRules rules;

  /**
   * @param trusted whether a client's certificates would be taken now
   */
  Connections(Peers peers, AccessRules rules, Predicate<X509Certificate[]> trusted) {
    this.peers = peers;
    this.rules = rules;
    this.trusted = trusted;
  }

  @Override
  public Attributes transportReady(Attributes attributes) {
    Connection connection = attributes.get(Connection.KEY);
    Function<AccessRules, Caller> identity = identity(connection, attributes);
    Caller caller = identity.apply(rules);
    connection.setCaller(caller);
    known.put(connection, identity);
    try {
      peers.connect(caller);
    } catch (LimitReached tooMany) {
      connection.refuse(tooMany);
      connection.closeAfter(ServerLimits.REFUSED_MILLIS);
    }
    return attributes;
  }

  @Override
  public void transportTerminated(Attributes attributes) {
    if (attributes == null) {
      // It ended before it was ready.
      return;
    }
    Connection connection = attributes.get(Connection.KEY);
    if (known.remove(connection) != null) {
      connection.caller().ifPresent(peers::disconnect);
    }
  }

  /** Other rules from here on; whoever they give something else must come again. */
  void setRules(AccessRules other) {
    rules = other;
    known.forEach(
        (connection, identity) -> {
          Caller now = identity.apply(other);
          if (connection.caller().filter(now::equals).isEmpty()) {
            LOG.atInfo()
                .addKeyValue("caller", now.name())
                .log("disconnected: its role has changed");
            connection.close();
          }
        });
  }

  /** How the rules know them, now and when the rules change. */
  private Function<AccessRules, Caller> identity(Connection connection, Attributes attributes) {
    if (connection.credentials().isPresent()) {
      var peer = connection.credentials().get();
      String user = users.name(peer.uid());
      return by -> by.local(peer, user);
    }
    SSLSession session = attributes.get(Grpc.TRANSPORT_ATTR_SSL_SESSION);
    if (session != null) {
      return certified(connection, session);
    }
    if (attributes.get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR) instanceof InetSocketAddress internet
        && internet.getAddress().isLoopbackAddress()) {
      String address = internet.getAddress().getHostAddress() + ":" + internet.getPort();
      return by -> by.loopback(address);
    }
    return by -> AccessRules.stranger("unknown");
  }

  private Function<AccessRules, Caller> certified(Connection connection, SSLSession session) {
    try {
      X509Certificate[] chain =
          Arrays.stream(session.getPeerCertificates())
              .map(X509Certificate.class::cast)
              .toArray(X509Certificate[]::new);
      X500Principal subject = chain[0].getSubjectX500Principal();
      endWith(chain[0], connection);
      return by ->
          trusted.test(chain)
              ? by.certified(subject)
              : AccessRules.stranger("tls " + subject.getName());
    } catch (SSLPeerUnverifiedException none) {
      LOG.atWarn().addKeyValue("cause", none).log("no certificate: nothing is given to the peer");
      return by -> AccessRules.stranger("tls without a certificate");
    }
  }

  private static void endWith(X509Certificate leaf, Connection connection) {
    Duration left = Duration.between(Instant.now(), leaf.getNotAfter().toInstant());
    // Rounded up: not a moment too early.
    connection.closeAfter(Math.max(0, left.plusMillis(1).toMillis()));
  }
}
