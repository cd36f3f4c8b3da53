// SPDX-License-Identifier: Apache-2.0
package dev.rastro.client.printing;

import dev.rastro.v1.Exec;
import dev.rastro.v1.Fork;
import dev.rastro.v1.Process;
import dev.rastro.v1.ProcessKey;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Who started whom, what each executed and how it ended, as far as events have told. */
final class ForkTree {
  /** Processes that are kept; of those beyond only the lines that told of them remain. */
  static final int NODES_MAX = 20_000;

  /** Programs of one process that are kept, the first ones and the last. */
  static final int PROGRAMS_MAX = 16;

  /** Steps that are shown by moving in. */
  private static final int DEEPEST_INDENT = 30;

  /** To which /proc tells start times. */
  private static final long NANOS_PER_TICK = 10_000_000;

  private static final String ARROW = " → ";

  private final List<Node> roots = new ArrayList<>();
  private final Map<Integer, Node> living = new HashMap<>();
  private int nodes;
  private long leftOut;

  /** One process. */
  static final class Node {
    private final int pid;
    private final long startTick;
    private final Optional<Node> parent;
    private final int depth;
    private final List<Node> children = new ArrayList<>();
    private final List<String> programs = new ArrayList<>();
    private String shared = "";
    private long programsLeftOut;
    private String end = "";

    private Node(ProcessKey key, Optional<Node> parent) {
      this.pid = key.getPid();
      this.startTick = key.getStartTimeNanos() / NANOS_PER_TICK;
      this.parent = parent;
      this.depth = parent.map(above -> above.depth + 1).orElse(0);
    }

    private void executed(String program) {
      if (programs.size() == PROGRAMS_MAX) {
        programs.remove(programs.size() - 1);
        programsLeftOut++;
      }
      programs.add(program);
    }

    /** Steps from the root. */
    int depth() {
      return depth;
    }
  }

  /**
   * A node that is yet to be shown.
   *
   * @param indent before it
   * @param below before what is below it, as far as it has that in common
   */
  private record Place(Node node, String indent, String below) {}

  /** One that is there already, below its parent if that is among them. */
  Node present(Process process) {
    Node node = add(process.getKey(), find(process.getParentPid()));
    node.executed(
        process.getCommandLine().isEmpty() ? process.getName() : process.getCommandLine());
    return node;
  }

  /** The command that we run ourselves. */
  void root(int pid) {
    if (!living.containsKey(pid)) {
      Node unused = add(ProcessKey.newBuilder().setPid(pid).build(), Optional.empty());
    }
  }

  /** Empty when it is not among us. */
  Optional<Node> find(int pid) {
    return Optional.ofNullable(living.get(pid));
  }

  /** Empty when the caller is not among us, or the child is already. */
  Optional<Node> fork(int caller, Fork fork) {
    ProcessKey child = fork.getChild();
    boolean known =
        find(child.getPid())
            .filter(node -> node.startTick == child.getStartTimeNanos() / NANOS_PER_TICK)
            .isPresent();
    Optional<Node> parent = known ? Optional.empty() : find(caller);
    return parent.map(
        above -> {
          boolean sibling = fork.getCloneFlagsList().contains("CLONE_PARENT");
          Node node = add(child, sibling ? above.parent : parent);
          node.shared = CloneWords.of(fork.getCloneFlagsList());
          return node;
        });
  }

  /** Empty when it is not among us. */
  Optional<Node> exec(int pid, Exec exec) {
    Optional<Node> node = find(pid);
    node.ifPresent(known -> known.executed(program(exec)));
    return node;
  }

  /** Empty when it is not among us. */
  Optional<Node> exit(int pid, String text) {
    Optional<Node> node = Optional.ofNullable(living.remove(pid));
    node.ifPresent(known -> known.end = text);
    return node;
  }

  /**
   * {@code echo 'a b' c}: what it was started with; the file that runs, too, where that says
   * nothing of it.
   */
  static String program(Exec exec) {
    String words =
        exec.getArgumentsList().stream().map(CommandWords::quoted).collect(Collectors.joining(" "));
    String more = exec.getArgumentsTruncated() ? "..." : "";
    String name = exec.getFilename().substring(exec.getFilename().lastIndexOf('/') + 1);
    boolean named = exec.getArgumentsList().stream().anyMatch(word -> word.endsWith(name));
    return named ? words + more : CommandWords.quoted(exec.getFilename()) + " as " + words + more;
  }

  /** All of it, one line a process. */
  String text() {
    StringBuilder text = new StringBuilder();
    roots.forEach(root -> append(text, root));
    if (leftOut > 0) {
      text.append("not in the tree: ").append(leftOut).append(" more processes\n");
    }
    return text.toString();
  }

  /** With all below it, without recursion: there may be thousands of generations. */
  private static void append(StringBuilder text, Node root) {
    Deque<Place> ahead = new ArrayDeque<>();
    ahead.push(new Place(root, "", ""));
    while (!ahead.isEmpty()) {
      Place place = ahead.pop();
      Node node = place.node;
      String line = place.indent + node.pid + " " + words(node);
      text.append(Printable.line(line)).append('\n');
      boolean deepest = node.depth - root.depth >= DEEPEST_INDENT;
      for (int i = node.children.size() - 1; i >= 0; i--) {
        boolean last = i == node.children.size() - 1;
        ahead.push(
            new Place(
                node.children.get(i),
                place.below + (last ? "└─ " : "├─ "),
                deepest ? place.below : place.below + (last ? "   " : "│  ")));
      }
    }
  }

  private static String words(Node node) {
    StringBuilder words = new StringBuilder();
    words.append(node.programs.isEmpty() ? "(as its parent)" : programs(node));
    if (!node.shared.isEmpty()) {
      words.append("; ").append(node.shared);
    }
    if (!node.end.isEmpty()) {
      words.append("; ").append(node.end);
    }
    return words.toString();
  }

  private static String programs(Node node) {
    if (node.programsLeftOut == 0) {
      return String.join(ARROW, node.programs);
    }
    List<String> words = new ArrayList<>(node.programs);
    words.add(words.size() - 1, node.programsLeftOut + " more");
    return String.join(ARROW, words);
  }

  private Node add(ProcessKey key, Optional<Node> parent) {
    Node node = new Node(key, parent);
    living.put(key.getPid(), node);
    if (nodes < NODES_MAX) {
      nodes++;
      parent.map(above -> above.children).orElse(roots).add(node);
    } else {
      leftOut++;
    }
    return node;
  }
}
