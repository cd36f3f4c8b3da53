// SPDX-License-Identifier: Apache-2.0
package dev.rastro.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rastro.v1.ListProcessesRequest;
import dev.rastro.v1.ListProcessesResponse;
import dev.rastro.v1.Process;
import dev.rastro.v1.State;
import dev.rastro.v1.TraceResponse;
import dev.rastro.v1.WaitKind;
import dev.rastro.v1.WaitTime;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.util.Iterator;
import java.util.function.Predicate;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What the daemon says of processes is what they did, on the real kernel. */
@Tag("kernel")
@Timeout(120)
final class FiguresTest {
  @RegisterExtension static final LiveDaemon live = new LiveDaemon();

  @Test
  void aReadOfNothingFromAStreamIsTheEndOfItAndNoOther() throws Exception {
    Process worker =
        counted(
            """
            import os, socket
            ours, theirs = socket.socketpair()
            theirs.close()
            ours.recv(10); ours.recv(10); os.read(ours.fileno(), 10); ours.recvmsg(10)
            letters = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
            letters[0].send(b'')
            letters[1].recv(10)
            empty = os.open('/dev/null', os.O_RDONLY)
            os.read(empty, 10)
            """);
    assertEquals(4, worker.getClosedByPeer(), worker::toString);
  }

  @Test
  void whoeverAcceptsUntilThereIsNoMoreWasNotWokenForNothing() throws Exception {
    Process worker =
        counted(
            """
            import select, socket
            server = socket.socket(); server.bind(('127.0.0.1', 0)); server.listen()
            server.setblocking(False)
            poll = select.epoll(); poll.register(server, select.EPOLLIN)
            for i in range(5):
                clients = [socket.create_connection(server.getsockname()) for j in range(3)]
                poll.poll()
                while True:
                    try: server.accept()
                    except BlockingIOError: break
            for i in range(7):
                poll.poll(0)
                try: server.accept()
                except BlockingIOError: pass
            """);
    assertEquals(15, worker.getAccepted(), worker::toString);
    assertEquals(7, worker.getThunderingHerd(), worker::toString);
    assertTrue(worker.getErrors() >= 12 && worker.getFailures() < worker.getErrors());
  }

  @Test
  void failuresToSendAndPeersThatHaveGoneAreToldApart() throws Exception {
    Process worker =
        counted(
            """
            import os, signal, socket
            signal.signal(signal.SIGPIPE, signal.SIG_IGN)
            ours, theirs = socket.socketpair()
            theirs.close()
            for i in range(3):
                try: ours.send(b'x')
                except BrokenPipeError: pass
            full = os.open('/dev/full', os.O_WRONLY)
            for i in range(2):
                try: os.write(full, b'x')
                except OSError: pass
            """);
    assertEquals(3, worker.getClosedByPeer(), worker::toString);
    assertEquals(2, worker.getSendFailures(), worker::toString);
    double share = 1 - (double) worker.getFailures() / worker.getCalls();
    assertEquals(share, worker.getSuccessShare(), 1e-9);
  }

  @Test
  void anUnfinishedCallIsWaitedIn() throws Exception {
    java.lang.Process program = LiveDaemon.python("import signal; input(); signal.pause()");
    Iterator<TraceResponse> stream = live.tracer().trace(LiveDaemon.counting(program).build());
    assertTrue(stream.next().hasStarted());
    LiveDaemon.release(program);
    Process waiting = await(program, one -> time(one, WaitKind.WAIT_KIND_INPUT) > 0);
    long first = time(waiting, WaitKind.WAIT_KIND_INPUT);
    Process later =
        await(
            program,
            one ->
                time(one, WaitKind.WAIT_KIND_INPUT) > first
                    && one.getState() == State.STATE_WAITING);
    assertTrue(later.getTimes().getWaitingNanos() > 0, later::toString);
    LiveDaemon.release(program);
    Process paused = await(program, one -> time(one, WaitKind.WAIT_KIND_SIGNAL) > 0);
    assertEquals(
        WaitTime.getDefaultInstance().getCalls(), calls(paused, WaitKind.WAIT_KIND_SIGNAL));
    assertFalse(paused.hasExitStatus());
    program.destroyForcibly().waitFor();
    while (stream.hasNext()) {
      stream.next();
    }
    Process ended = row(list(program), program);
    assertEquals(State.STATE_TERMINATED, ended.getState());
    assertEquals("killed by SIGKILL", ended.getExitText());
    assertEquals(0, ended.getUid());
  }

  @Test
  void aQuestionThatCannotBeAnsweredIsRefused() {
    assertRefused(
        ListProcessesRequest.newBuilder().setRatesOverNanos(61_000_000_000L), "61000000000");
    assertRefused(ListProcessesRequest.newBuilder().setRatesOverNanos(-1), "18446744073709551615");
    assertRefused(ListProcessesRequest.newBuilder().addUsers("nosuchuser"), "nosuchuser");
    assertRefused(ListProcessesRequest.newBuilder().addPids(0), "pids");
  }

  private static void assertRefused(ListProcessesRequest.Builder request, String with) {
    StatusRuntimeException refused =
        assertThrows(
            StatusRuntimeException.class, () -> live.tracer().listProcesses(request.build()));
    assertEquals(Status.Code.INVALID_ARGUMENT, refused.getStatus().getCode());
    assertTrue(refused.getMessage().contains(with), refused::getMessage);
  }

  @Test
  void whoHasNoCpuIsReady() throws Exception {
    // One of them at a time can have the CPU.
    java.lang.Process program =
        LiveDaemon.python(
            """
            import os
            os.sched_setaffinity(0, [min(os.sched_getaffinity(0))])
            os.fork() and os.fork()
            while True: pass
            """);
    LiveDaemon.release(program);
    Process ready = await(program, one -> one.getState() == State.STATE_READY);
    long waited = ready.getTimes().getReadyNanos();
    Process unused =
        await(
            program,
            one -> one.getState() == State.STATE_READY && one.getTimes().getReadyNanos() > waited);
    Process running = await(program, one -> one.getState() == State.STATE_RUNNING);
    assertTrue(running.getTimes().getRunningNanos() > 0, running::toString);
    assertFalse(running.getCounted());
    program.descendants().forEach(ProcessHandle::destroyForcibly);
    program.destroyForcibly().waitFor();
  }

  /** Runs the script to its end and returns its row of the table. */
  private static Process counted(String script) throws Exception {
    java.lang.Process program = LiveDaemon.python(script);
    Iterator<TraceResponse> stream = live.tracer().trace(LiveDaemon.counting(program).build());
    assertTrue(stream.next().hasStarted());
    LiveDaemon.release(program);
    while (stream.hasNext()) {
      stream.next();
    }
    assertEquals(0, program.waitFor());
    return row(list(program), program);
  }

  private static Process await(java.lang.Process program, Predicate<Process> condition) {
    Process now = row(list(program), program);
    // The class's timeout is the deadline.
    while (!condition.test(now)) {
      now = row(list(program), program);
    }
    return now;
  }

  private static ListProcessesResponse list(java.lang.Process program) {
    return live.tracer()
        .listProcesses(ListProcessesRequest.newBuilder().addPids((int) program.pid()).build());
  }

  private static Process row(ListProcessesResponse table, java.lang.Process program) {
    return table.getProcessesList().stream()
        .filter(one -> one.getKey().getPid() == program.pid())
        .findFirst()
        .orElseThrow();
  }

  private static long time(Process process, WaitKind kind) {
    return process.getWaitsList().stream()
        .filter(wait -> wait.getKind() == kind)
        .mapToLong(WaitTime::getNanos)
        .sum();
  }

  private static long calls(Process process, WaitKind kind) {
    return process.getWaitsList().stream()
        .filter(wait -> wait.getKind() == kind)
        .mapToLong(WaitTime::getCalls)
        .sum();
  }
}
