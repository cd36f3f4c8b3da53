package dev.rastro.endtoend;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What one tracer wrote about one case: the lines of its first process, then those of each child,
 * in the order in which they were begotten. A call that another process's line cut in two is put
 * together again.
 */
record CaseTrace(List<Line> lines) {
  private static final Pattern LINE = Pattern.compile("^(\\d+) +(.*)$");
  private static final Pattern CALL = Pattern.compile("^(\\w+)\\(.*");
  private static final Pattern RESUMED = Pattern.compile("^<\\.\\.\\. (\\w+) resumed>(.*)$");
  private static final Pattern CHILD =
      Pattern.compile("^(?:clone|clone3|fork|vfork)\\(.* = (\\d+)$");
  private static final Pattern FOUND_CHILD = Pattern.compile("^\\S+ wait4\\(-1, .* = (P\\S+)$");
  private static final Pattern TOLD_CHILD =
      Pattern.compile("^\\S+ --- SIGCHLD .* si_pid=(P[\\d.]+),.*");
  private static final String UNFINISHED = " <unfinished ...>";
  private static final String BEGIN = "write(-1, \"begin\", 5)";

  /**
   * @param text the line, with the places of processes for their pids
   * @param plain the line as it was written: a pid may happen to be a number that means another
   *     thing
   * @param joined whether it was in two pieces; then the blanks before "=" say nothing
   */
  record Line(String text, String plain, boolean joined) {
    boolean sameAs(Line other) {
      boolean squeezed = joined || other.joined;
      return same(text, other.text, squeezed) || same(plain, other.plain, squeezed);
    }

    private static boolean same(String a, String b, boolean squeezed) {
      return squeezed
          ? a.replaceAll(" += ", " = ").equals(b.replaceAll(" += ", " = "))
          : a.equals(b);
    }
  }

  /** The lines of one process, and its children. */
  private record Task(List<Line> lines, List<String> children) {}

  /**
   * The traces of the driver's children, in order.
   *
   * @param text what a tracer wrote with {@code -f -o}
   */
  static List<CaseTrace> parse(String text) {
    Map<String, Task> tasks = new LinkedHashMap<>();
    text.lines().forEach(line -> add(tasks, line));
    String driver = tasks.keySet().iterator().next();
    List<CaseTrace> traces = new ArrayList<>();
    for (String child : tasks.get(driver).children()) {
      Map<String, String> places = new LinkedHashMap<>();
      places.put(driver, "DRIVER");
      place(tasks, child, "P0", places);
      List<Line> lines = new ArrayList<>();
      for (String pid : places.keySet()) {
        if (tasks.containsKey(pid) && !pid.equals(driver)) {
          List<Line> own =
              childrenLast(fromTheBeginning(tasks.get(pid).lines())).stream()
                  .map(line -> named(line, pid, places))
                  .toList();
          lines.addAll(inOrder(FOUND_CHILD, inOrder(TOLD_CHILD, own)));
        }
      }
      traces.add(new CaseTrace(lines));
    }
    return traces;
  }

  private static void add(Map<String, Task> tasks, String line) {
    Matcher matcher = LINE.matcher(line);
    if (!matcher.matches()) {
      return;
    }
    Task task =
        tasks.computeIfAbsent(
            matcher.group(1), unused -> new Task(new ArrayList<>(), new ArrayList<>()));
    String text = matcher.group(2);
    Matcher resumed = RESUMED.matcher(text);
    Line complete = new Line(text, text, false);
    if (resumed.matches()) {
      int at = unfinished(task.lines(), resumed.group(1));
      if (at >= 0) {
        String first = task.lines().remove(at).text();
        complete =
            joined(first.substring(0, first.length() - UNFINISHED.length()) + resumed.group(2));
      }
    }
    task.lines().add(complete);
    Matcher child = CHILD.matcher(complete.text());
    if (child.matches()) {
      task.children().add(child.group(1));
    }
  }

  private static int unfinished(List<Line> lines, String name) {
    for (int i = lines.size() - 1; i >= 0; i--) {
      Matcher call = CALL.matcher(lines.get(i).text());
      if (lines.get(i).text().endsWith(UNFINISHED)
          && call.matches()
          && call.group(1).equals(name)) {
        return i;
      }
    }
    return -1;
  }

  private static void place(
      Map<String, Task> tasks, String pid, String name, Map<String, String> places) {
    if (places.putIfAbsent(pid, name) != null || !tasks.containsKey(pid)) {
      return;
    }
    Map<String, String> children = new HashMap<>();
    for (String child : tasks.get(pid).children()) {
      place(tasks, child, name + "." + children.size(), places);
      children.put(child, child);
    }
  }

  private static List<Line> fromTheBeginning(List<Line> lines) {
    for (int i = 0; i < lines.size(); i++) {
      if (lines.get(i).text().startsWith(BEGIN)) {
        return lines.subList(i + 1, lines.size());
      }
    }
    return lines;
  }

  /**
   * When a child ends is chance, and rastro tells of a signal when it is generated, strace when it
   * is delivered. So SIGCHLD, and the return from its handler, go behind all other lines.
   */
  private static List<Line> childrenLast(List<Line> lines) {
    List<Line> first = new ArrayList<>();
    List<Line> last = new ArrayList<>();
    boolean handling = false;
    for (Line line : lines) {
      if (line.text().startsWith("--- SIGCHLD ")) {
        last.add(line);
        handling = true;
      } else if (handling && line.text().startsWith("rt_sigreturn(")) {
        last.add(joined(line.text().replaceAll(" = .*", " = *")));
        handling = false;
      } else {
        first.add(line);
      }
    }
    first.addAll(last);
    return first;
  }

  /**
   * Which of several children ends first is chance: the lines that tell of one each, as the pattern
   * says, go in the order of the children, at the places where there are such lines.
   */
  private static List<Line> inOrder(Pattern child, List<Line> lines) {
    Iterator<Line> told =
        lines.stream()
            .filter(line -> child.matcher(line.text()).matches())
            .sorted(Comparator.comparing(line -> child.matcher(line.text()).replaceAll("$1")))
            .iterator();
    return lines.stream()
        .map(line -> child.matcher(line.text()).matches() ? told.next() : line)
        .toList();
  }

  private static Line named(Line line, String pid, Map<String, String> places) {
    String text = line.text();
    for (Map.Entry<String, String> place : places.entrySet()) {
      text = text.replaceAll("(?<![\\w.])" + place.getKey() + "(?![\\w.])", place.getValue());
    }
    String place = places.get(pid) + " ";
    return new Line(place + text, place + line.text(), line.joined());
  }

  private static Line joined(String text) {
    return new Line(text, text, true);
  }
}
