package dev.rastro.daemon.drain;

import dev.rastro.daemon.kernel.CaptureException;
import dev.rastro.daemon.kernel.ProcFs;
import dev.rastro.daemon.kernel.ProcessKey;
import dev.rastro.daemon.kernel.Rights;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Whether the tasks that a target names are there and may be seen, asked before it is attached and
 * after. From then on the kernel looks at whoever executes another program.
 */
final class TargetTasks {

  private TargetTasks() {}

  /** The processes of a target, or the complaint that one is not there. */
  static List<ProcFs.Entry> find(Target target) throws CaptureException {
    List<ProcFs.Entry> entries = new ArrayList<>();
    for (int pid : target.pids()) {
      entries.add(require(pid, "no such process: " + pid));
    }
    for (int tid : target.tids()) {
      ProcFs.Entry unused = require(tid, "no such process: " + tid);
      Optional<Integer> process = ProcFs.processOf(tid);
      if (process.isEmpty()) {
        throw noSuchProcess("no such process: " + tid);
      }
      entries.add(require(process.get(), "no such process: " + tid));
    }
    for (int pid : target.childrenOf()) {
      ProcFs.Entry unused = require(pid, "no such process: " + pid);
    }
    checkReach(target);
    return entries;
  }

  private static void checkReach(Target target) throws CaptureException {
    for (Set<Integer> named : List.of(target.pids(), target.tids(), target.childrenOf())) {
      for (int pid : named) {
        if (!target.reach().covers(pid)) {
          throw new CaptureException(
              CaptureException.Reason.FORBIDDEN,
              "not permitted: process %d (%s); you may see %s"
                  .formatted(pid, whose(pid), target.reach().words()),
              "ask as its owner or as root");
        }
      }
    }
  }

  private static String whose(int pid) {
    Optional<Rights> found = Rights.of(pid);
    if (found.isEmpty()) {
      return "it has ended";
    }
    Rights rights = found.get();
    String uid = "of uid " + Integer.toUnsignedString(rights.uids().effective());
    if (rights.capable()) {
      return uid + ", with capabilities";
    }
    return rights.dumpable() ? uid : uid + ", not dumpable";
  }

  /** The target's processes, or the complaint that one ended while it was being attached. */
  static List<ProcessKey> stillThere(Target target, List<ProcFs.Entry> entries)
      throws CaptureException {
    List<ProcessKey> processes = new ArrayList<>();
    for (ProcFs.Entry entry : entries) {
      int pid = entry.key().pid();
      String complaint = "no such process: %d (it ended while being attached)".formatted(pid);
      if (!require(pid, complaint).key().matches(entry.key())) {
        throw noSuchProcess(complaint);
      }
      processes.add(entry.key());
    }
    for (int tid : target.tids()) {
      ProcFs.Entry unused =
          require(tid, "no such process: %d (it ended while being attached)".formatted(tid));
    }
    checkReach(target);
    return processes;
  }

  private static ProcFs.Entry require(int pid, String complaint) throws CaptureException {
    Optional<ProcFs.Entry> entry = ProcFs.find(pid);
    if (entry.isEmpty() || entry.get().ended()) {
      throw noSuchProcess(complaint);
    }
    return entry.get();
  }

  private static CaptureException noSuchProcess(String complaint) {
    return new CaptureException(
        CaptureException.Reason.NO_SUCH_PROCESS, complaint, "list processes with rastro ps");
  }
}
