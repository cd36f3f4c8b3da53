package dev.rastro.daemon.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import org.junit.jupiter.api.Test;

class HostProcessesTest {

  private final HostProcesses processes = new HostProcesses();

  @Test
  void readsOwnProcess() {
    int pid = (int) ProcessHandle.current().pid();
    ProcessFacts facts = processes.of(List.of(pid)).get(0);
    assertEquals(pid, facts.pid());
    assertEquals(
        ProcessHandle.current().parent().map(ProcessHandle::pid).orElse(0L), facts.parentPid());
    assertTrue(facts.commandLine().contains("java"), facts.commandLine());
    assertTrue(facts.memory().residentBytes() > 1 << 20);
    assertTrue(facts.memory().virtualBytes() > facts.memory().residentBytes());
    assertTrue(facts.threads() > 1);
    assertEquals(ProcessHandle.current().info().user().orElseThrow(), facts.user());
    assertTrue(facts.startedAt(facts.startTicks() * ProcessFacts.TICK_NANOS + 9_999_999));
  }

  @Test
  void listsTheSocketsThatListen() throws IOException {
    int pid = (int) ProcessHandle.current().pid();
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getAllByName("127.0.0.1")[0])) {
      List<String> listening = processes.of(List.of(pid)).get(0).listening();
      String suffix = "127.0.0.1:" + server.getLocalPort();
      assertTrue(listening.stream().anyMatch(uri -> uri.endsWith(suffix)), listening::toString);
    }
  }

  @Test
  void leavesOutWhatIsNotThere() {
    assertTrue(processes.of(List.of(Integer.MAX_VALUE)).isEmpty());
  }

  @Test
  void writesAddressesAsUris() {
    assertEquals("127.0.0.1:80", Listeners.address("0100007F:0050"));
    assertEquals("[::]:443", Listeners.address("00000000000000000000000000000000:01BB"));
    assertEquals("[::1]:53", Listeners.address("00000000000000000000000001000000:0035"));
    assertEquals("[2001:db8::1]:1", Listeners.address("B80D0120000000000000000001000000:0001"));
  }
}
