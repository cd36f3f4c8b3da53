package dev.rastro.endtoend;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a trace with {@code -f -o} says, process by process. A process is named by its place in the
 * family ("0" the command, "0.1" its second child), since pids differ from run to run.
 *
 * <p>Normalised, because two runs of the same program differ in it: addresses (results of mmap,
 * brk, mremap, shmat), pids (results of the fork and wait families and of getpid and the like).
 * Left out, because it depends on the moment at which a signal lands or a child ends: signals
 * themselves, rt_sigreturn, calls that were restarted, and a wait that finds no child ended yet.
 */
final class TraceText {
  private static final Pattern LINE = Pattern.compile("^(\\d+) +(.*)$");
  private static final Pattern CALL = Pattern.compile("^([a-z_0-9]+)\\(.*$");
  private static final Pattern RESUMED = Pattern.compile("^<\\.\\.\\. ([a-z_0-9]+) resumed>.*$");
  private static final Set<String> ADDRESSES = Set.of("mmap", "brk", "mremap", "shmat");
  private static final Set<String> FORKS = Set.of("fork", "vfork", "clone", "clone3");
  private static final Set<String> PIDS =
      Set.of(
          "fork",
          "vfork",
          "clone",
          "clone3",
          "wait4",
          "getpid",
          "gettid",
          "getppid",
          "getpgrp",
          "getpgid",
          "getsid",
          "setsid",
          "set_tid_address");

  private final Map<String, List<String>> callsByPid = new LinkedHashMap<>();
  private final Map<String, List<String>> childrenByPid = new HashMap<>();
  private final Map<String, Integer> unfinished = new HashMap<>();

  private TraceText() {}

  /** Calls as "name result", in order, by place in the family. */
  static Map<String, List<String>> parse(String text) {
    TraceText trace = new TraceText();
    text.lines().forEach(trace::line);
    Map<String, List<String>> byPlace = new LinkedHashMap<>();
    trace.callsByPid.keySet().stream().findFirst().ifPresent(pid -> trace.name(pid, "0", byPlace));
    if (byPlace.size() != trace.callsByPid.size()) {
      throw new AssertionError(
          "processes " + trace.callsByPid.keySet() + " but a family of " + byPlace.keySet());
    }
    byPlace.values().forEach(calls -> calls.removeIf(TraceText::dependsOnTheMoment));
    return byPlace;
  }

  private void name(String pid, String place, Map<String, List<String>> byPlace) {
    byPlace.put(place, callsByPid.getOrDefault(pid, new ArrayList<>()));
    List<String> children = childrenByPid.getOrDefault(pid, List.of());
    for (int i = 0; i < children.size(); i++) {
      if (callsByPid.containsKey(children.get(i))) {
        name(children.get(i), place + "." + i, byPlace);
      }
    }
  }

  private void line(String line) {
    Matcher matcher = LINE.matcher(line);
    if (!matcher.matches()) {
      throw new AssertionError("no pid at the start of: " + line);
    }
    String pid = matcher.group(1);
    String text = matcher.group(2);
    List<String> calls = callsByPid.computeIfAbsent(pid, unused -> new ArrayList<>());
    Matcher resumed = RESUMED.matcher(text);
    Matcher call = CALL.matcher(text);
    if (text.startsWith("---")) {
      return;
    } else if (text.startsWith("+++")) {
      calls.add(text);
    } else if (resumed.matches()) {
      int index = unfinished.remove(pid);
      calls.set(index, called(pid, resumed.group(1), text));
    } else if (text.endsWith("<unfinished ...>") && call.matches()) {
      unfinished.put(pid, calls.size());
      calls.add(call.group(1) + " unfinished");
    } else if (call.matches()) {
      calls.add(called(pid, call.group(1), text));
    } else {
      throw new AssertionError("neither a call nor a signal nor an end: " + line);
    }
  }

  private String called(String pid, String name, String text) {
    int at = text.lastIndexOf(" = ");
    if (at < 0) {
      throw new AssertionError("no result in: " + text);
    }
    String[] words = text.substring(at + 3).split(" ", 3);
    String result = words[0];
    if ((result.equals("-1") || result.equals("?")) && words.length > 1) {
      return name + " " + result + " " + words[1];
    }
    if (FORKS.contains(name) && !result.equals("?")) {
      childrenByPid.computeIfAbsent(pid, unused -> new ArrayList<>()).add(result);
    }
    if (ADDRESSES.contains(name)) {
      return name + " ADDRESS";
    }
    if (PIDS.contains(name) && !result.equals("0")) {
      return name + " PID";
    }
    return name + " " + result;
  }

  private static boolean dependsOnTheMoment(String call) {
    return call.startsWith("rt_sigreturn ")
        || call.contains(" ? ERESTART")
        || call.startsWith("restart_syscall ")
        || call.equals("wait4 0");
  }
}
