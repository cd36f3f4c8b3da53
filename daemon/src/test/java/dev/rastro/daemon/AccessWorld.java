package dev.rastro.daemon;

import dev.rastro.daemon.rpc.Certificates;
import dev.rastro.daemon.rpc.Channels;
import dev.rastro.v1.TracerGrpc;
import io.grpc.ManagedChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Daemons with all kinds of callers, and processes of several users to be called about. A user over
 * a Unix socket is a process of that user.
 */
final class AccessWorld implements AutoCloseable {
  static final int GROUP = 3_141_600;
  static final int MEMBER = 3_141_601;
  static final int STRANGER = 3_141_602;
  static final int NEIGHBOUR = 3_141_603;

  /** One who calls, and root at the same daemon. */
  record Client(ManagedChannel channel, ManagedChannel root) {
    TracerGrpc.TracerBlockingStub tracer() {
      return TracerGrpc.newBlockingStub(channel).withDeadlineAfter(60, TimeUnit.SECONDS);
    }
  }

  private final Path folder;
  private final Channels channels = Channels.patient();
  private final List<AutoCloseable> open = new ArrayList<>();
  private final Map<String, Client> clients = new LinkedHashMap<>();
  private final Map<Integer, Canary> asleep = new LinkedHashMap<>();
  private final Map<Integer, Canary> awake = new LinkedHashMap<>();
  private final List<Rastrod> daemons = new ArrayList<>();

  private AccessWorld(Path folder) {
    this.folder = folder;
  }

  static AccessWorld make(Path folder) throws Exception {
    AccessWorld world = new AccessWorld(folder);
    try {
      Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));
      world.addRemoteCallers();
      world.addMembers();
      world.addCanaries();
      return world;
    } catch (Exception e) {
      world.close();
      throw e;
    }
  }

  Map<String, Client> clients() {
    return clients;
  }

  /** A process of the user that sleeps in a call with the word in its arguments. */
  Canary asleep(int uid) {
    return asleep.get(uid);
  }

  /** A process of the user that does things at each {@link Canary#sing}. */
  Canary awake(int uid) {
    return awake.get(uid);
  }

  List<Rastrod> daemons() {
    return daemons;
  }

  private void addRemoteCallers() throws Exception {
    Certificates certificates = Certificates.make(folder.resolve("tls"));
    Certificates.Pair server = certificates.server("server");
    Path ownSocket = folder.resolve("own.sock");
    Rastrod daemon =
        daemon(
            "--group-role=viewer",
            "--own-socket=" + ownSocket,
            "--listen=127.0.0.1:0",
            "--tls-certificate=" + server.certificate(),
            "--tls-key=" + server.key(),
            "--tls-client-ca=" + certificates.authority(),
            "--tls-role=viewer=CN=viewer,O=Example",
            "--tls-role=tracer=CN=tracer,O=Example",
            "--tls-role=admin=CN=admin,O=Example",
            "--listen-loopback=0");
    ManagedChannel root = channels.unix(daemon.socket());
    clients.put("root", new Client(root, root));
    addUser("member, viewer", Relay.User.of(MEMBER).in(GROUP), daemon.socket(), root);
    addUser("stranger", Relay.User.of(STRANGER), ownSocket, root);
    addUser("member, own socket", Relay.User.of(MEMBER).in(GROUP), ownSocket, root);
    // Whoever gets hold of a connection there is known by who they are all the same.
    Files.setPosixFilePermissions(daemon.socket(), PosixFilePermissions.fromString("rw-rw-rw-"));
    addUser("stranger, group's socket", Relay.User.of(STRANGER), daemon.socket(), root);
    for (String role : List.of("viewer", "tracer", "admin", "none")) {
      Certificates.Pair identity = certificates.client(role, "/O=Example/CN=" + role);
      clients.put(
          "certificate, " + role,
          new Client(
              channels.tls(daemon.port("serving mutual TLS"), certificates.authority(), identity),
              root));
    }
    clients.put(
        "loopback, viewer",
        new Client(channels.loopback(daemon.port("plain TCP on loopback")), root));
  }

  private void addMembers() throws Exception {
    Rastrod tracers = daemon("--group-role=tracer");
    Rastrod privileged =
        daemon("--group-privileged", "--listen-loopback=0", "--loopback-role=tracer");
    Rastrod admins = daemon("--group-role=admin");
    Relay.User member = Relay.User.of(MEMBER).in(GROUP);
    addUser("member, tracer", member, tracers.socket(), channels.unix(tracers.socket()));
    addUser("member, admin", member, admins.socket(), channels.unix(admins.socket()));
    ManagedChannel root = channels.unix(privileged.socket());
    addUser("member, privileged tracer", member, privileged.socket(), root);
    clients.put(
        "loopback, tracer",
        new Client(channels.loopback(privileged.port("plain TCP on loopback")), root));
  }

  private Rastrod daemon(String... options) throws Exception {
    List<String> all = new ArrayList<>(List.of("--group=" + GROUP, "--ring-bytes=1M"));
    all.addAll(List.of(options));
    Rastrod daemon =
        opened(
            Rastrod.start(folder.resolve("daemon" + daemons.size()), all.toArray(String[]::new)));
    daemons.add(daemon);
    return daemon;
  }

  private void addUser(String name, Relay.User user, Path socket, ManagedChannel root)
      throws Exception {
    Relay relay = opened(Relay.start(user, socket, folder, "relay" + clients.size()));
    clients.put(name, new Client(channels.unix(relay.socket()), root));
  }

  private void addCanaries() throws Exception {
    Path nest = Files.createDirectory(folder.resolve(Canary.WORD));
    Files.setPosixFilePermissions(nest, PosixFilePermissions.fromString("rwxrwxrwx"));
    for (int uid : List.of(0, MEMBER, STRANGER, NEIGHBOUR)) {
      String as = uid == 0 ? "" : Relay.User.of(uid).setpriv();
      asleep.put(uid, opened(Canary.start(as, nest)));
      awake.put(uid, opened(Canary.start(as, nest)));
    }
  }

  private <T extends AutoCloseable> T opened(T thing) {
    open.add(0, thing);
    return thing;
  }

  @Override
  public void close() {
    channels.close();
    for (AutoCloseable thing : open) {
      try {
        thing.close();
      } catch (Exception e) {
        throw new AssertionError(e);
      }
    }
  }
}
