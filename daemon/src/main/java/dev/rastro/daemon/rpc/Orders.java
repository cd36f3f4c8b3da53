package dev.rastro.daemon.rpc;

import dev.rastro.daemon.access.Caller;
import dev.rastro.daemon.access.PeerLimits;
import dev.rastro.daemon.access.Sight;
import dev.rastro.daemon.aggregate.Window;
import dev.rastro.daemon.detail.Detail;
import dev.rastro.daemon.drain.Choice;
import dev.rastro.daemon.drain.Target;
import dev.rastro.daemon.drain.Wish;
import dev.rastro.daemon.host.NamespacePids;
import dev.rastro.daemon.host.Users;
import dev.rastro.daemon.kernel.Reach;
import dev.rastro.daemon.kernel.Rights;
import dev.rastro.daemon.session.BadFilter;
import dev.rastro.daemon.session.Order;
import dev.rastro.daemon.session.Overload;
import dev.rastro.daemon.session.Screen;
import dev.rastro.daemon.session.Selection;
import dev.rastro.daemon.session.SessionLimits;
import dev.rastro.daemon.session.Terms;
import dev.rastro.syscalls.table.SyscallTable;
import dev.rastro.v1.Filter;
import dev.rastro.v1.NamespacePid;
import dev.rastro.v1.TraceRequest;
import dev.rastro.v1.WatchProcessesRequest;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** Requests, checked field by field and turned into orders. */
final class Orders {

  private static final String FILTER = "filter.";

  private final SyscallTable table;

  Orders(SyscallTable table) {
    this.table = table;
  }

  Order trace(TraceRequest request, Caller caller) throws BadFilter {
    Filter filter = request.getFilter();
    Order.Form form = form(request);
    Choices choices = new Choices(request.getTarget(), caller);
    Target target = target(request.getTarget(), choices, caller);
    // Who only counts has no use for more than figures, and may see those of more processes.
    boolean figures = form == Order.Form.COUNT && !request.getWithLifecycle();
    Caller.Permit permit = permit(target, caller, figures ? Sight.FIGURES : Sight.FULL);
    Detail most = most(permit);
    Screen screen = Screens.of(request, form, most);
    boolean full = permit.sight() == Sight.FULL;
    int strings = stringBytes(request);
    Wish wish =
        new Wish(
            target.within(permit.reach()),
            slots(filter),
            form == Order.Form.COUNT
                ? new BitSet()
                : Selection.signals("filter.signals", filter.getSignalsList(), true),
            outcome(filter),
            form != Order.Form.COUNT,
            true,
            request.getWithLifecycle(),
            full ? strings : SessionLimits.DEFAULT_STRING_BYTES,
            full && request.getVerbose(),
            Selection.errnos("filter.errnos", filter.getErrnosList()),
            duration("filter.min_duration_nanos", filter.getMinDurationNanos()),
            form != Order.Form.COUNT && request.getWithBlocked() && screen.maxDurationNanos() == 0,
            full && (request.getWithDescriptors() || !screen.paths().isEmpty()));
    return new Order(
        wish, form, terms(request).showing(most), caller, permit.sight(), names(choices), screen);
  }

  /** The most that leaves the daemon of an event. */
  private static Detail most(Caller.Permit permit) {
    return permit.sight() == Sight.FULL ? Detail.FULL : Detail.NO_ARGUMENTS;
  }

  Order watch(WatchProcessesRequest request, Caller caller) throws BadFilter {
    BitSet signals = Selection.signals("signals", request.getSignalsList(), false);
    if (!request.hasTarget() && !signals.isEmpty()) {
      throw new BadFilter("signals", "signals need a target; name one, or leave signals out");
    }
    Choices choices = new Choices(request.getTarget(), caller);
    Target target =
        request.hasTarget() ? target(request.getTarget(), choices, caller) : Target.everyone();
    Caller.Permit permit = permit(target, caller, Sight.FULL);
    Wish wish =
        new Wish(
            target.within(permit.reach()),
            new BitSet(),
            signals,
            Wish.Outcome.ANY,
            true,
            false,
            true,
            SessionLimits.DEFAULT_STRING_BYTES,
            false);
    return new Order(
        wish,
        Order.Form.DECODED,
        Terms.standard().showing(most(permit)),
        caller,
        permit.sight(),
        names(choices),
        Screen.NONE);
  }

  private static Caller.Permit permit(Target target, Caller caller, Sight wanted) {
    Set<Integer> named = new HashSet<>(target.pids());
    named.addAll(target.tids());
    named.addAll(target.childrenOf());
    refuseWhatIsOthers(named, caller);
    return caller.permit(named, target.isOpen(), wanted);
  }

  /** The drain asks again, and the kernel on; but it has more to do than to look at these first. */
  private static void refuseWhatIsOthers(Set<Integer> named, Caller caller) {
    if (!caller.figures().isEvery()) {
      for (int pid : named) {
        if (caller.sight(pid) == Sight.NOTHING && Rights.of(pid).isPresent()) {
          throw Failures.notYours(pid, caller);
        }
      }
    }
  }

  BitSet slots(Filter filter) throws BadFilter {
    return Selection.slots(table, FILTER, filter.getSyscallsList(), filter.getDenySyscallsList());
  }

  private static Optional<Order.Names> names(Choices choices) {
    return choices.mayChange() ? Optional.of(choices) : Optional.empty();
  }

  static long duration(String field, long nanos) throws BadFilter {
    if (nanos < 0) {
      throw new BadFilter(
          field,
          "%s nanoseconds, at most %d are taken"
              .formatted(Long.toUnsignedString(nanos), Long.MAX_VALUE));
    }
    return nanos;
  }

  private static Target target(dev.rastro.v1.Target target, Choices choices, Caller caller)
      throws BadFilter {
    Set<Integer> pids = ids("target.pids", target.getPidsList());
    addNamespacePids(pids, target.getNamespacePidsList(), caller);
    Set<Integer> tids = ids("target.tids", target.getTidsList());
    Set<Integer> parents = ids("target.children_of", target.getChildrenOfList());
    int tasks = pids.size() + tids.size() + parents.size();
    int most =
        caller.role().isPresent()
            ? SessionLimits.MAX_TARGET_TASKS
            : PeerLimits.MAX_TARGET_TASKS_OF_STRANGERS;
    if (tasks > most) {
      throw new BadFilter(
          "target",
          "%d tasks, at most %d are taken; follow_forks watches what they start"
              .formatted(tasks, most));
    }
    Choice choice = choices.resolve();
    if (target.getEverything()) {
      if (tasks > 0 || !choice.isNone()) {
        throw new BadFilter("target.everything", "it excludes all other ways to choose");
      }
      return Target.everyone();
    }
    if (tasks == 0 && choice.isNone()) {
      throw new BadFilter(
          "target",
          "names nothing to watch; give pids, tids, children_of, comms, executables, users, cgroups,"
              + " units, containers, namespace_pids or everything");
    }
    return new Target(pids, tids, parents, choice, target.getFollowForks(), false, Reach.EVERY);
  }

  private static void addNamespacePids(Set<Integer> pids, List<NamespacePid> wanted, Caller caller)
      throws BadFilter {
    for (int i = 0; i < wanted.size(); i++) {
      int pid = wanted.get(i).getPid();
      String field = "target.namespace_pids[%d]".formatted(i);
      List<Integer> found =
          pid <= 0
              ? List.of()
              : NamespacePids.find(pid, wanted.get(i).getNamespace()).stream()
                  .filter(host -> caller.sight(host) != Sight.NOTHING)
                  .toList();
      if (found.isEmpty()) {
        throw new BadFilter(
            field,
            "no process is number %s in %s; NSpid in /proc/PID/status tells the numbers"
                .formatted(
                    Integer.toUnsignedString(pid),
                    wanted.get(i).getNamespace() == 0
                        ? "any pid namespace"
                        : "pid namespace " + wanted.get(i).getNamespace()));
      }
      pids.addAll(found);
    }
  }

  /** How far back from now, as far as sums are kept. */
  static long recent(String field, long nanos) throws BadFilter {
    if (nanos < 0 || nanos > Window.LONGEST_NANOS) {
      throw new BadFilter(
          field,
          "%s nanoseconds: only the last %d seconds are kept"
              .formatted(
                  Long.toUnsignedString(nanos),
                  TimeUnit.NANOSECONDS.toSeconds(Window.LONGEST_NANOS)));
    }
    return nanos;
  }

  static Set<Integer> ids(String field, List<Integer> ids) throws BadFilter {
    for (int i = 0; i < ids.size(); i++) {
      if (ids.get(i) <= 0) {
        throw new BadFilter(
            "%s[%d]".formatted(field, i),
            Integer.toUnsignedString(ids.get(i)) + " is no process id");
      }
    }
    return new HashSet<>(ids);
  }

  /** The numbers of users that are given by name or number. */
  static Set<Integer> users(String field, List<String> names) throws BadFilter {
    Users users = new Users();
    Set<Integer> numbers = new HashSet<>();
    for (int i = 0; i < names.size(); i++) {
      OptionalInt uid = users.number(names.get(i));
      if (uid.isEmpty()) {
        throw new BadFilter(
            "%s[%d]".formatted(field, i),
            "%s: no such user; give a name of /etc/passwd, or a number".formatted(names.get(i)));
      }
      numbers.add(uid.getAsInt());
    }
    return numbers;
  }

  private static Wish.Outcome outcome(Filter filter) throws BadFilter {
    return switch (filter.getOutcome()) {
      case OUTCOME_UNSPECIFIED -> Wish.Outcome.ANY;
      case OUTCOME_FAILED -> Wish.Outcome.FAILED;
      case OUTCOME_SUCCESSFUL -> Wish.Outcome.SUCCESSFUL;
      case UNRECOGNIZED ->
          throw new BadFilter(
              "filter.outcome",
              "%d is not known to this daemon; it may be too old"
                  .formatted(filter.getOutcomeValue()));
    };
  }

  private static Order.Form form(TraceRequest request) throws BadFilter {
    return switch (request.getForm()) {
      case FORM_UNSPECIFIED, FORM_DECODED -> Order.Form.DECODED;
      case FORM_PACKED -> Order.Form.PACKED;
      case FORM_COUNT -> Order.Form.COUNT;
      case UNRECOGNIZED ->
          throw new BadFilter(
              "form",
              "%d is not known to this daemon; it may be too old"
                  .formatted(request.getFormValue()));
    };
  }

  private static int stringBytes(TraceRequest request) throws BadFilter {
    long bytes = Integer.toUnsignedLong(request.getStringLimit());
    if (bytes > SessionLimits.MAX_STRING_BYTES) {
      throw new BadFilter(
          "string_limit",
          "%d bytes, at most %d can be captured".formatted(bytes, SessionLimits.MAX_STRING_BYTES));
    }
    return bytes == 0 ? SessionLimits.DEFAULT_STRING_BYTES : (int) bytes;
  }

  private static Terms terms(TraceRequest request) throws BadFilter {
    long seconds = Integer.toUnsignedLong(request.getResumeSeconds());
    if (seconds > SessionLimits.MAX_RESUME_SECONDS) {
      throw new BadFilter(
          "resume_seconds",
          "%d seconds, at most %d are given".formatted(seconds, SessionLimits.MAX_RESUME_SECONDS));
    }
    long history = Integer.toUnsignedLong(request.getHistoryBytes());
    if (history > SessionLimits.MAX_HISTORY_BYTES) {
      throw new BadFilter(
          "history_bytes",
          "%d bytes, at most %d are given".formatted(history, SessionLimits.MAX_HISTORY_BYTES));
    }
    if (history > 0 && seconds == 0) {
      throw new BadFilter("history_bytes", "without resume_seconds nobody can ask for it");
    }
    return new Terms(
        queueBytes(request.getQueueBytes()),
        overload(request),
        TimeUnit.SECONDS.toNanos(seconds),
        seconds == 0 ? 0 : history == 0 ? SessionLimits.DEFAULT_HISTORY_BYTES : (int) history,
        Detail.FULL);
  }

  private static Overload overload(TraceRequest request) throws BadFilter {
    return switch (request.getOverload()) {
      case OVERLOAD_UNSPECIFIED, OVERLOAD_DROP_OLDEST -> Overload.DROP_OLDEST;
      case OVERLOAD_END -> Overload.END;
      case OVERLOAD_DEGRADE -> Overload.DEGRADE;
      case UNRECOGNIZED ->
          throw new BadFilter(
              "overload",
              "%d is not known to this daemon; it may be too old"
                  .formatted(request.getOverloadValue()));
    };
  }

  private static int queueBytes(int requested) throws BadFilter {
    long bytes = Integer.toUnsignedLong(requested);
    if (bytes > SessionLimits.MAX_QUEUE_BYTES) {
      throw new BadFilter(
          "queue_bytes",
          "%d bytes, at most %d are given".formatted(bytes, SessionLimits.MAX_QUEUE_BYTES));
    }
    return bytes == 0 ? SessionLimits.DEFAULT_QUEUE_BYTES : (int) bytes;
  }

  /** A target in words, for people who read the status. */
  static String words(Target target) {
    if (target.everything()) {
      return target.reach().isEvery() ? "everything" : "everything of " + target.reach().words();
    }
    StringBuilder words = new StringBuilder();
    append(words, "pid", target.pids());
    append(words, "tid", target.tids());
    append(words, "children of", target.childrenOf());
    if (!target.choice().isNone()) {
      words
          .append(words.length() == 0 ? "" : ", ")
          .append("chosen by ")
          .append(
              target.choice().kinds().stream()
                  .map(kind -> kind.name().toLowerCase(Locale.ROOT))
                  .sorted()
                  .collect(Collectors.joining(" and ")));
    }
    return words.append(target.followForks() ? ", following forks" : "").toString();
  }

  /** What is listed of a long target. */
  private static final int SHOWN_IDS = 8;

  private static void append(StringBuilder words, String what, Set<Integer> ids) {
    if (ids.isEmpty()) {
      return;
    }
    words.append(words.length() == 0 ? "" : ", ").append(what);
    ids.stream().sorted().limit(SHOWN_IDS).forEach(id -> words.append(' ').append(id));
    if (ids.size() > SHOWN_IDS) {
      words.append(" and %d more".formatted(ids.size() - SHOWN_IDS));
    }
  }
}
