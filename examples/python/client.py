"""Talks to rastrod from Python: asks everything that can be asked, and reads events of a process.

    examples/python/generate STUBS
    PYTHONPATH=STUBS python3 examples/python/client.py unix:/run/rastro/rastrod.sock PID [EVENTS]
"""

import sys
import time

import grpc

import reflection_pb2
import reflection_pb2_grpc
from rastro.v1 import tracer_pb2
from rastro.v1 import tracer_pb2_grpc


def services(channel):
    stub = reflection_pb2_grpc.ServerReflectionStub(channel)
    request = reflection_pb2.ServerReflectionRequest(list_services="*")
    answer = next(stub.ServerReflectionInfo(iter([request])))
    return [service.name for service in answer.list_services_response.service]


def events(tracer, pid, wanted):
    """The first events of a process; a gap in the stream is told, never passed over."""
    request = tracer_pb2.TraceRequest(
        target=tracer_pb2.Target(pids=[pid], follow_forks=True), with_line=True
    )
    stream = tracer.Trace(request)
    seen = 0
    for message in stream:
        kind = message.WhichOneof("message")
        if kind == "gap":
            print(f"gap: {message.gap.count} events lost")
        elif kind == "events":
            for event in message.events.events:
                yield event
                seen += 1
                if seen == wanted:
                    stream.cancel()
                    return
        elif kind == "ended":
            return


def lives(tracer, wanted):
    """Forks, executions and exits of whatever lives on the machine."""
    stream = tracer.WatchProcesses(tracer_pb2.WatchProcessesRequest())
    for message in stream:
        for event in message.events.events:
            yield event
            wanted -= 1
            if wanted == 0:
                stream.cancel()
                return


def watched(tracer, pid, frames=3):
    """Sums that grow: of the first frame all rows, then those that have changed, as they are now. So many frames, or
    as many as it takes until there is a call."""
    request = tracer_pb2.WatchSummaryRequest(
        target=tracer_pb2.Target(pids=[pid], follow_forks=True), interval_nanos=200_000_000
    )
    stream = tracer.WatchSummary(request)
    rows = {}
    for message in stream:
        for row in message.frame.rows:
            rows[row.syscall] = row
        if message.HasField("frame") and not message.frame.continues:
            frames -= 1
            if frames <= 0 and rows:
                stream.cancel()
                break
    return rows.values()


def stuck(tracer, pid, looks=300):
    """The calls in which a process sleeps. While it runs there are none, so it may take more than one look."""
    for _ in range(looks):
        calls = tracer.ListInFlight(tracer_pb2.ListInFlightRequest(pids=[pid])).calls
        if calls:
            return calls
        time.sleep(0.1)
    return []


def main(address, pid, wanted=100):
    with grpc.insecure_channel(address) as channel:
        for name in services(channel):
            print(f"service {name}")
        tracer = tracer_pb2_grpc.TracerStub(channel)
        status = tracer.GetStatus(tracer_pb2.GetStatusRequest())
        print(f"rastrod {status.version} on {status.hostname}, Linux {status.kernel_release}")
        for call in tracer.ListSyscalls(tracer_pb2.ListSyscallsRequest(syscalls=["socket"])).syscalls:
            print(f"syscall {call.number} {call.signature}")
        for process in tracer.ListProcesses(tracer_pb2.ListProcessesRequest(pids=[pid])).processes:
            print(f"process {process.key.pid} {process.command_line}")
        count = 0
        for event in events(tracer, pid, wanted):
            print(f"{event.process.pid} {event.line}")
            count += 1
        print(f"events {count}")
        summary = tracer.GetSummary(tracer_pb2.GetSummaryRequest(pids=[pid]))
        for row in summary.rows:
            print(f"summary {row.syscall} calls={row.calls} errors={row.errors}")
        for event in lives(tracer, 3):
            print(f"life {event.process.pid} {event.WhichOneof('event')}")
        for row in watched(tracer, pid):
            print(f"watched {row.syscall} calls={row.calls}")
        for process in tracer.ListProcesses(tracer_pb2.ListProcessesRequest(pids=[pid])).processes:
            print(f"process {process.key.pid} {process.name} calls={process.calls}")
        for call in stuck(tracer, pid):
            print(f"stuck {call.tid} {call.sentence}")


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), *(int(n) for n in sys.argv[3:4]))
