package dev.rastro.daemon.access;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rastro.daemon.kernel.PeerCredentials;
import dev.rastro.daemon.kernel.Reach;
import dev.rastro.v1.TracerGrpc;
import io.grpc.MethodDescriptor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import javax.security.auth.x500.X500Principal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class AccessRulesTest {
  private static final int SERVICE = 900;
  private static final int GROUP = 50;
  private static final Reach OWN = Reach.own(1000, 1000);

  @TempDir private Path folder;

  private AccessRules rules(Role groupRole, boolean privileged, String yama) throws Exception {
    Path file = folder.resolve("ptrace_scope");
    if (yama.isEmpty()) {
      Files.deleteIfExists(file);
    } else {
      Files.writeString(file, yama + "\n");
    }
    return new AccessRules(
        SERVICE,
        OptionalInt.of(GROUP),
        groupRole,
        privileged,
        Role.VIEWER,
        Map.of(new X500Principal("CN=dash,O=Example"), Role.VIEWER),
        new Yama(file));
  }

  private static PeerCredentials peer(int uid, Integer... groups) {
    return new PeerCredentials(42, uid, uid, Set.of(groups));
  }

  @Test
  void rootAndTheServiceSeeAll() throws Exception {
    AccessRules rules = rules(Role.VIEWER, false, "3");
    for (int uid : List.of(0, SERVICE)) {
      Caller caller = rules.local(peer(uid), "name");
      assertTrue(caller.isAdmin());
      assertTrue(caller.seesEverything());
    }
  }

  @Test
  void membersHaveTheGroupsRole() throws Exception {
    Caller viewer = rules(Role.VIEWER, false, "").local(peer(1000, GROUP), "alice");
    assertEquals("unix user alice", viewer.name());
    assertEquals("uid 1000", viewer.key());
    assertEquals(Optional.of(Role.VIEWER), viewer.role());
    assertEquals(List.of(Reach.EVERY, OWN), List.of(viewer.figures(), viewer.full()));
    Caller tracer = rules(Role.TRACER, false, "").local(peer(1000, GROUP), "alice");
    assertEquals(
        List.of(Reach.EVERY, Reach.UNPRIVILEGED), List.of(tracer.figures(), tracer.full()));
    assertTrue(rules(Role.TRACER, true, "").local(peer(1000, GROUP), "alice").seesEverything());
    assertTrue(rules(Role.ADMIN, false, "").local(peer(1000, GROUP), "alice").isAdmin());
    PeerCredentials primary = new PeerCredentials(42, 1000, GROUP, Set.of());
    assertEquals(
        Optional.of(Role.TRACER), rules(Role.TRACER, false, "").local(primary, "alice").role());
  }

  @Test
  void othersSeeTheirOwnAsFarAsPtraceGoes() throws Exception {
    Caller free = rules(Role.TRACER, false, "").local(peer(1000, 7), "bob");
    assertEquals(Optional.empty(), free.role());
    assertEquals(List.of(OWN, OWN), List.of(free.figures(), free.full()));
    assertEquals(OptionalInt.empty(), free.startedBy());
    assertEquals(free, rules(Role.TRACER, false, "0").local(peer(1000, 7), "bob"));
    Caller descendants = rules(Role.TRACER, false, "1").local(peer(1000, 7), "bob");
    assertEquals(OptionalInt.of(42), descendants.startedBy());
    for (String scope : List.of("2", "3", "nonsense")) {
      Caller nobody = rules(Role.TRACER, false, scope).local(peer(1000, 7), "bob");
      assertEquals(List.of(OWN, Reach.NOBODY), List.of(nobody.figures(), nobody.full()));
    }
    // What was given does not come from being the owner.
    Caller member = rules(Role.TRACER, false, "3").local(peer(1000, GROUP), "alice");
    assertEquals(Reach.UNPRIVILEGED, member.full());
    assertEquals(OptionalInt.empty(), member.startedBy());
  }

  @Test
  void certificatesHaveTheRoleOfTheirSubject() throws Exception {
    AccessRules rules = rules(Role.TRACER, false, "");
    Caller viewer = rules.certified(new X500Principal("cn=DASH, o=example"));
    assertEquals(Optional.of(Role.VIEWER), viewer.role());
    assertEquals(List.of(Reach.EVERY, Reach.NOBODY), List.of(viewer.figures(), viewer.full()));
    assertTrue(rules.certified(new X500Principal("CN=dash")).isNobody());
    assertTrue(rules.certified(new X500Principal("CN=dash,O=Example,C=DE")).isNobody());
    assertTrue(AccessRules.stranger("?").isNobody());
  }

  @Test
  void sessionsAreTheirCallersAndAdmins() throws Exception {
    AccessRules rules = rules(Role.TRACER, false, "");
    Caller alice = rules.local(peer(1000, GROUP), "alice");
    Caller bob = rules.local(peer(1001, GROUP), "bob");
    Caller root = rules.local(peer(0), "root");
    assertTrue(alice.owns(alice));
    assertFalse(alice.owns(bob));
    assertTrue(root.owns(alice));
    assertFalse(alice.owns(root));
  }

  @Test
  void aSessionSeesAsMuchAsAllOfItsProcessesAllow() throws Exception {
    int self = (int) ProcessHandle.current().pid();
    Caller viewer = rules(Role.VIEWER, false, "").certified(new X500Principal("CN=dash,O=Example"));
    assertEquals(
        new Caller.Permit(Sight.FIGURES, Reach.EVERY),
        viewer.permit(List.of(self), false, Sight.FULL));
    Caller member = rules(Role.TRACER, false, "").local(peer(1000, GROUP), "alice");
    assertEquals(
        new Caller.Permit(Sight.FULL, Reach.UNPRIVILEGED),
        member.permit(List.of(), true, Sight.FULL));
    assertEquals(
        new Caller.Permit(Sight.FIGURES, Reach.EVERY),
        member.permit(List.of(1), false, Sight.FULL),
        "process 1 is root's");
    assertEquals(
        new Caller.Permit(Sight.FIGURES, Reach.EVERY),
        member.permit(List.of(), true, Sight.FIGURES),
        "who only counts may count all");
    Caller restricted = rules(Role.TRACER, false, "1").local(peer(1000, 7), "bob");
    assertEquals(
        new Caller.Permit(Sight.FIGURES, OWN),
        restricted.permit(List.of(), true, Sight.FULL),
        "the kernel cannot tell who has started whom");
    assertEquals(
        new Caller.Permit(Sight.FIGURES, OWN), restricted.permit(List.of(1), false, Sight.FULL));
  }

  /** What is forgotten here is refused, and nobody would know why. */
  @Test
  void everyRpcHasARule() {
    for (MethodDescriptor<?, ?> method : TracerGrpc.getServiceDescriptor().getMethods()) {
      assertTrue(Question.of(method.getBareMethodName()).isPresent(), method::getFullMethodName);
    }
    assertEquals(TracerGrpc.getServiceDescriptor().getMethods().size(), Question.values().length);
  }
}
