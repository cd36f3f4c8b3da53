package dev.rastro.endtoend;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a trace with {@code -f -o} of {@code programs/exercise.c} says of each attempt: the line
 * that follows the mark with the attempt's index in the same process.
 */
final class ExerciseTrace {
  private static final Pattern LINE = Pattern.compile("^(\\d+) +(.*)$");
  private static final Pattern CALL = Pattern.compile("^(\\w+)\\(.*$");
  private static final Pattern RESUMED = Pattern.compile("^<\\.\\.\\. (\\w+) resumed>(.*)$");
  private static final Pattern MARK = Pattern.compile("^close\\((1\\d{6})\\) += -1 EBADF.*$");
  private static final Pattern SKIPPED =
      Pattern.compile("^rastro: lost (\\d+) events \\(at most: the kernel skipped the program.*$");
  private static final String UNFINISHED = " <unfinished ...>";
  private static final int FIRST_MARK = 1_000_000;

  /** A call's line in two: {@code read(0, NULL, 0)} and {@code 0}. */
  record Called(String call, String result) {
    static Called of(String text) {
      int equals = text.lastIndexOf(" = ");
      if (equals < 0) {
        throw new AssertionError("no result in: " + text);
      }
      return new Called(text.substring(0, equals).stripTrailing(), text.substring(equals + 3));
    }

    String name() {
      return call.substring(0, call.indexOf('('));
    }
  }

  private static final class Task {
    private int index = -1;
    private boolean due;
    private String unfinished = "";
  }

  private final Map<String, Task> tasks = new HashMap<>();
  private final Map<Integer, Called> calls = new HashMap<>();
  private final Set<String> names = new HashSet<>();
  private long skipped;

  private ExerciseTrace() {}

  static ExerciseTrace parse(String text) {
    ExerciseTrace trace = new ExerciseTrace();
    text.lines().forEach(trace::line);
    return trace;
  }

  /** The line of the attempt with this index. */
  Optional<Called> call(int index) {
    return Optional.ofNullable(calls.get(index));
  }

  /** Names of all calls in the trace. */
  Set<String> names() {
    return names;
  }

  /** How many events may be missing, because of what some kernels do (docs/kernels.md). */
  long skipped() {
    return skipped;
  }

  private void line(String line) {
    Matcher notice = SKIPPED.matcher(line);
    if (notice.matches()) {
      skipped += Long.parseLong(notice.group(1));
      return;
    }
    Matcher matcher = LINE.matcher(line);
    if (!matcher.matches()) {
      throw new AssertionError("no pid at the start of: " + line);
    }
    Task task = tasks.computeIfAbsent(matcher.group(1), pid -> new Task());
    String text = matcher.group(2);
    Matcher resumed = RESUMED.matcher(text);
    if (text.startsWith("+++")) {
      tasks.remove(matcher.group(1));
    } else if (text.startsWith("---")) {
      return;
    } else if (resumed.matches()) {
      called(task, task.unfinished + resumed.group(2));
    } else if (!CALL.matcher(text).matches()) {
      throw new AssertionError("neither a call nor a signal nor an end: " + line);
    } else if (text.endsWith(UNFINISHED)) {
      task.unfinished = text.substring(0, text.length() - UNFINISHED.length());
    } else {
      called(task, text);
    }
  }

  private void called(Task task, String text) {
    names.add(text.substring(0, text.indexOf('(')));
    Matcher mark = MARK.matcher(text);
    if (mark.matches()) {
      task.index = Integer.parseInt(mark.group(1)) - FIRST_MARK;
      task.due = true;
    } else if (task.due || (task.index >= 0 && text.startsWith("rt_sigreturn("))) {
      // Between the mark and a handler's rt_sigreturn there are the calls that send the signal.
      task.due = false;
      calls.put(task.index, Called.of(text));
    }
  }
}
