"""Reads one stream of rastrod to its end, and says in one line of JSON what there was in it.

    watch.py ADDRESS Trace|WatchProcesses REQUEST [FILE]

REQUEST is the RPC's request in protobuf's JSON. The first line of the output is "started". With FILE, forks,
executions and exits go there, one a line: what, process, start, and the parent or the status.
"""

import json
import sys

import grpc

from google.protobuf import json_format
from rastro.v1 import tracer_pb2
from rastro.v1 import tracer_pb2_grpc


def life(event):
    """One line about a fork, an execution or an exit; empty for anything else."""
    process = event.process
    kind = event.WhichOneof("event")
    if kind == "fork" and not event.fork.thread:
        child = event.fork.child
        return f"fork {child.pid} {child.start_time_nanos} {process.pid}\n"
    if kind == "exec":
        return f"exec {process.pid} {process.start_time_nanos} {event.exec.filename}\n"
    if kind == "exit" and event.exit.process_ended:
        return f"exit {process.pid} {process.start_time_nanos} {event.exit.status}\n"
    return ""


def read(stream, file):
    seen = {"events": 0, "counted": 0, "gaps": [], "lines": []}
    for message in stream:
        kind = message.WhichOneof("message")
        if kind == "started":
            print("started", flush=True)
        elif kind == "packed":
            seen["events"] += message.packed.count
        elif kind == "events":
            seen["events"] += len(message.events.events)
            seen["lines"] += [e.line for e in message.events.events if e.line]
            if file:
                file.writelines(life(e) for e in message.events.events)
                file.flush()
        elif kind == "gap":
            seen["gaps"].append([tracer_pb2.Loss.Name(message.gap.cause), message.gap.count])
        elif kind == "counts":
            seen["counted"] += sum(c.calls for c in message.counts.calls) + message.counts.others
        elif kind == "ended":
            totals = message.ended.totals
            seen["observed"] = totals.observed
            seen["delivered"] = totals.delivered
            seen["filtered"] = totals.filtered
            seen["lost"] = {tracer_pb2.Loss.Name(l.cause): l.count for l in totals.lost}
    return seen


def main(address, rpc, request, path=None):
    message = getattr(tracer_pb2, "TraceRequest" if rpc == "Trace" else rpc + "Request")()
    json_format.Parse(request, message)
    with grpc.insecure_channel(address) as channel:
        stream = getattr(tracer_pb2_grpc.TracerStub(channel), rpc)(message)
        if path:
            with open(path, "w", encoding="ascii") as file:
                seen = read(stream, file)
        else:
            seen = read(stream, None)
    print(json.dumps(seen), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
