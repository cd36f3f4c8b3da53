package dev.rastro.client.doctor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rastro.client.doctor.Finding.Verdict;
import dev.rastro.v1.Cost;
import dev.rastro.v1.Degradation;
import dev.rastro.v1.GetStatusResponse;
import dev.rastro.v1.Ledger;
import dev.rastro.v1.Loss;
import dev.rastro.v1.LossCount;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Machines are folders here, with the files that tell about them. */
class DoctorTest {
  @TempDir private Path root;

  @BeforeEach
  void aGoodMachine() throws IOException {
    write("proc/sys/kernel/osrelease", "6.1.0-28-amd64");
    write("proc/self/mounts", "proc /proc proc rw 0 0\ncg /sys/fs/cgroup cgroup2 rw 0 0\n");
    write("proc/meminfo", "MemTotal:       16000000 kB\n");
    write("proc/sys/kernel/perf_event_paranoid", "3");
    write("sys/kernel/btf/vmlinux", "");
    write("sys/kernel/security/lockdown", "none [integrity] confidentiality");
    write("sys/devices/system/clocksource/clocksource0/current_clocksource", "tsc");
    write("usr/lib/x86_64-linux-gnu/libbpf.so.1.1.2", "");
    Files.createSymbolicLink(
        root.resolve("usr/lib/x86_64-linux-gnu/libbpf.so.1"), Path.of("libbpf.so.1.1.2"));
  }

  private void write(String name, String text) throws IOException {
    Path file = root.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  private Finding machine(String topic) {
    return find(MachineChecks.of(root), topic);
  }

  private static Finding find(List<Finding> findings, String topic) {
    return findings.stream().filter(one -> one.topic().equals(topic)).findFirst().orElseThrow();
  }

  private void assertFinds(Verdict verdict, String topic) {
    Finding found = machine(topic);
    assertEquals(verdict, found.verdict(), found::toString);
    assertEquals(verdict == Verdict.OK, found.remedy().isEmpty(), found::toString);
  }

  @Test
  void aGoodMachineHasNothingToDo() {
    assertEquals(
        List.of(),
        MachineChecks.of(root).stream().filter(one -> one.verdict() != Verdict.OK).toList());
  }

  @Test
  void whatWillNotWorkIsAProblem() throws IOException {
    write("proc/sys/kernel/osrelease", "5.4.0-200-generic");
    Files.delete(root.resolve("sys/kernel/btf/vmlinux"));
    write("sys/kernel/security/lockdown", "none integrity [confidentiality]");
    Files.delete(root.resolve("usr/lib/x86_64-linux-gnu/libbpf.so.1"));
    assertFinds(Verdict.PROBLEM, "kernel");
    assertFinds(Verdict.PROBLEM, "BTF");
    assertFinds(Verdict.PROBLEM, "lockdown");
    assertFinds(Verdict.PROBLEM, "libbpf");
    assertFinds(Verdict.NOTE, "locked memory");
  }

  @Test
  void whatIsLessThanItCouldBeIsANote() throws IOException {
    write("proc/self/mounts", "proc /proc proc rw,hidepid=invisible 0 0\n");
    write("proc/sys/net/core/bpf_jit_enable", "0");
    write("proc/sys/kernel/yama/ptrace_scope", "3");
    write("sys/devices/system/clocksource/clocksource0/current_clocksource", "hpet");
    Files.createDirectories(root.resolve("proc/self/ns"));
    Files.createSymbolicLink(root.resolve("proc/self/ns/pid"), Path.of("pid:[4026532001]"));
    for (String topic :
        List.of("/proc", "BPF compiler", "ptrace", "clock", "process ids", "cgroups")) {
      assertFinds(Verdict.NOTE, topic);
    }
  }

  @Test
  void anOldLibraryIsToldFromOneThatWillDo() throws IOException {
    Path link = root.resolve("usr/lib/x86_64-linux-gnu/libbpf.so.1");
    write("usr/lib/x86_64-linux-gnu/libbpf.so.1.0.0", "");
    Files.delete(link);
    Files.createSymbolicLink(link, Path.of("libbpf.so.1.0.0"));
    assertFinds(Verdict.PROBLEM, "libbpf");
  }

  @Test
  void aDaemonTellsWhatItLacks() {
    GetStatusResponse status =
        GetStatusResponse.newBuilder()
            .setVersion("1")
            .addCapabilities("CAP_BPF")
            .addCapabilities("CAP_PERFMON")
            .addCapabilities("CAP_SYS_PTRACE")
            .addDegradations(
                Degradation.newBuilder().setWhat("signals").setCause("c").setRemedy("r"))
            .setCost(Cost.newBuilder().setKernelMapBytes(2L << 30))
            .setLedger(
                Ledger.newBuilder()
                    .addLost(LossCount.newBuilder().setCause(Loss.LOSS_RING_FULL).setCount(7)))
            .build();
    List<Finding> findings = DaemonChecks.of(status, "2", root);
    assertFalse(findings.stream().anyMatch(one -> one.verdict() == Verdict.PROBLEM));
    for (String topic : List.of("daemon", "capabilities", "programs", "memory", "losses")) {
      assertEquals(Verdict.NOTE, find(findings, topic).verdict(), topic);
    }
    assertTrue(find(findings, "capabilities").says().contains("CAP_DAC_READ_SEARCH"));
    assertEquals("r", find(findings, "programs").remedy());
  }

  @Test
  void aDaemonThatIsWellSaysSo() {
    GetStatusResponse status =
        GetStatusResponse.newBuilder()
            .setVersion("1")
            .addAllCapabilities(
                List.of("CAP_BPF", "CAP_DAC_READ_SEARCH", "CAP_PERFMON", "CAP_SYS_PTRACE"))
            .build();
    assertTrue(
        DaemonChecks.of(status, "1", root).stream().allMatch(one -> one.verdict() == Verdict.OK));
  }

  @Test
  void aSocketIsForWhoMayWriteIt() throws IOException {
    Path socket = Files.createFile(root.resolve("socket"));
    Files.setPosixFilePermissions(
        socket, java.nio.file.attribute.PosixFilePermissions.fromString("rw-rw----"));
    int owner = (Integer) Files.getAttribute(socket, "unix:uid");
    assertEquals(Verdict.OK, socket(socket, owner, "me").verdict());
    assertEquals(Verdict.OK, socket(socket, 0, "root").verdict());
    Files.setPosixFilePermissions(
        socket, java.nio.file.attribute.PosixFilePermissions.fromString("rw-------"));
    Finding refused = socket(socket, owner + 1, "bob");
    assertEquals(Verdict.PROBLEM, refused.verdict());
    assertEquals(
        "give rastrod a --group, and have bob join it; or give rastrod an --own-socket, for"
            + " everybody's own processes",
        refused.remedy());
    assertEquals(Verdict.PROBLEM, socket(root.resolve("none"), owner, "me").verdict());
  }

  @Test
  void whoIsNotOfTheGroupMayHaveASocketForTheirOwn() throws IOException {
    Path socket = Files.createFile(root.resolve("socket"));
    Files.setPosixFilePermissions(
        socket, java.nio.file.attribute.PosixFilePermissions.fromString("rw-------"));
    int owner = (Integer) Files.getAttribute(socket, "unix:uid");
    Path own = Files.createFile(root.resolve("own"));
    Files.setPosixFilePermissions(
        own, java.nio.file.attribute.PosixFilePermissions.fromString("rw-rw-rw-"));
    Finding found = InstallationChecks.socket(socket, Optional.of(own), owner + 1, "bob");
    assertEquals(Verdict.NOTE, found.verdict());
    assertTrue(found.says().endsWith("own processes alone are served over " + own), found.says());
  }

  private static Finding socket(Path socket, int user, String name) {
    return InstallationChecks.socket(socket, Optional.empty(), user, name);
  }
}
