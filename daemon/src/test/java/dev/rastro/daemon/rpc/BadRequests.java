// SPDX-License-Identifier: Apache-2.0
package dev.rastro.daemon.rpc;

/** Requests for a stream that cannot be understood, each with the field that is at fault. */
public final class BadRequests {
  public static final String TABLE =
      """
      target                       | filter { syscalls: "read" }
      target.pids[1]               | target { pids: 1 pids: 0 }
      target.tids[0]               | target { tids: 4294967295 }
      target.children_of[0]        | target { children_of: 0 }
      target.everything            | target { everything: true pids: 1 }
      target.everything            | target { everything: true comms: "sh" }
      target.comms[0]              | target { comms: "" }
      target.executables[0]        | target { executables: "bin/sh" }
      target.executables[1]        | target { executables: "/bin/sh" executables: "/no/such/file" }
      target.executables[0]        | target { executables: "/bin" }
      target.users[0]              | target { users: "nobody such" }
      target.cgroups[0]            | target { cgroups: "/no/such.slice" }
      target.cgroups[0]            | target { cgroups: "../../../etc" }
      target.units[0]              | target { units: "a/b.service" }
      target.containers[0]         | target { containers: "web-1" }
      target.namespace_pids[0]     | target { namespace_pids { pid: 1 namespace: 7 } }
      filter.syscalls[0]           | target { pids: 1 } filter { syscalls: "conect" }
      filter.syscalls[1]           | target { pids: 1 } filter { syscalls: "read" syscalls: "/(" }
      filter.deny_syscalls[0]      | target { pids: 1 } filter { deny_syscalls: "%networking" }
      filter.outcome               | target { pids: 1 } filter { outcome: 9 }
      filter.signals[0]            | target { pids: 1 } filter { signals: "SIGCHILD" }
      filter.errnos[1]             | target { pids: 1 } filter { errnos: "ENOENT" errnos: "ENOFILE" }
      filter.errnos[0]             | target { pids: 1 } filter { errnos: "0" }
      filter.min_duration_nanos    | target { pids: 1 } filter { min_duration_nanos: 18446744073709551615 }
      form                         | target { pids: 1 } form: 9
      string_limit                 | target { pids: 1 } string_limit: 32769
      queue_bytes                  | target { pids: 1 } queue_bytes: 67108865
      resume_seconds               | target { pids: 1 } resume_seconds: 301
      history_bytes                | target { pids: 1 } resume_seconds: 1 history_bytes: 16777217
      history_bytes                | target { pids: 1 } history_bytes: 1
      overload                     | target { pids: 1 } overload: 9
      filter.max_duration_nanos    | target { pids: 1 } filter { max_duration_nanos: 18446744073709551615 }
      filter.max_duration_nanos    | target { pids: 1 } filter { min_duration_nanos: 2 max_duration_nanos: 1 }
      filter.paths[1]              | target { pids: 1 } filter { paths: "/etc/passwd" paths: "" }
      filter.texts[0]              | target { pids: 1 } filter { texts: "" }
      filter.descriptors[0]        | target { pids: 1 } filter { descriptors: "stdin" }
      filter.descriptors[1]        | target { pids: 1 } filter { descriptors: "0-" descriptors: "5-3" }
      filter.descriptors[0]        | target { pids: 1 } filter { descriptors: "1048576" }
      filter.paths                 | target { pids: 1 } form: FORM_COUNT filter { paths: "/etc/passwd" }
      filter.texts                 | target { pids: 1 } form: FORM_COUNT filter { texts: "x" }
      """;

  private BadRequests() {}
}
