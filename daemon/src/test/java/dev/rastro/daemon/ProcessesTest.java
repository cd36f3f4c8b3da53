package dev.rastro.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rastro.v1.Event;
import dev.rastro.v1.ListProcessesRequest;
import dev.rastro.v1.ListProcessesResponse;
import dev.rastro.v1.Process;
import dev.rastro.v1.TraceResponse;
import dev.rastro.v1.WatchProcessesRequest;
import dev.rastro.v1.WatchProcessesResponse;
import io.grpc.Context;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Processes in the API: what they did, and how they come and go. */
@Tag("kernel")
@Timeout(60)
final class ProcessesTest {
  @RegisterExtension static final LiveDaemon live = new LiveDaemon();

  @Test
  void listsProcessesWithWhatTheyDid() throws Exception {
    java.lang.Process target = LiveDaemon.perl("getppid(); <STDIN>");
    long own = ProcessHandle.current().pid();
    Process self =
        live.tracer()
            .listProcesses(ListProcessesRequest.newBuilder().addPids((int) own).build())
            .getProcesses(0);
    assertEquals(own, self.getKey().getPid());
    assertTrue(
        self.getListeningList().contains("unix://" + live.socket()) || self.getListeningCount() > 0,
        self::toString);
    Process child =
        live.tracer()
            .listProcesses(ListProcessesRequest.newBuilder().addPids((int) target.pid()).build())
            .getProcesses(0);
    assertEquals(own, child.getParentPid());
    assertEquals("perl", child.getName());
    target.destroyForcibly().waitFor();
  }

  @Test
  void tellsHowAServersWorkerFared() throws Exception {
    java.lang.Process target =
        LiveDaemon.perl(
            "use IO::Socket::INET; my $s = IO::Socket::INET->new(Listen => 5,"
                + " LocalAddr => '127.0.0.1', Blocking => 0); $s->accept for 1..3; exit 7");
    Iterator<TraceResponse> stream = live.tracer().trace(LiveDaemon.counting(target).build());
    assertTrue(stream.next().hasStarted());
    LiveDaemon.release(target);
    List<TraceResponse> messages = LiveDaemon.rest(stream);
    assertTrue(messages.stream().noneMatch(TraceResponse::hasEvents));
    ListProcessesResponse table =
        live.tracer()
            .listProcesses(
                ListProcessesRequest.newBuilder()
                    .addPids((int) target.pid())
                    .setTracedOnly(true)
                    .build());
    assertEquals(1, table.getProcessesCount(), table::toString);
    Process worker = table.getProcesses(0);
    assertTrue(worker.getCounted());
    assertEquals(3, worker.getThunderingHerd());
    assertEquals(0, worker.getAccepted());
    assertTrue(worker.getErrors() >= 3 && worker.getCalls() > worker.getErrors());
    assertTrue(
        table.getExitsList().stream()
            .anyMatch(
                exit -> exit.getProgram().equals("perl") && exit.getText().equals("exited with 7")),
        table::toString);
    assertEquals(7, target.waitFor());
  }

  @Test
  void watchesProcessesComeAndGo() throws Exception {
    Context.CancellableContext context = Context.current().withCancellation();
    Iterator<WatchProcessesResponse> stream =
        context.call(
            () -> live.tracer().watchProcesses(WatchProcessesRequest.getDefaultInstance()));
    assertTrue(stream.next().hasStarted());
    java.lang.Process child = new ProcessBuilder("/bin/true").start();
    int pid = (int) child.pid();
    boolean executed = false;
    boolean ended = false;
    while (!ended) {
      for (Event event : stream.next().getEvents().getEventsList()) {
        if (event.getProcess().getPid() == pid) {
          executed |= event.getExec().getFilename().equals("/bin/true");
          ended |= event.getExit().getText().equals("exited with 0");
        }
      }
    }
    context.cancel(new CancellationException("the test has seen it"));
    assertTrue(executed, "exec comes before exit");
  }
}
