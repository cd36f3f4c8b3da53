package dev.rastro.daemon.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rastro.bpf.CaptureObject;
import dev.rastro.daemon.aggregate.Histogram;
import dev.rastro.syscalls.plan.PlanLayout;
import dev.rastro.syscalls.record.RecordLayout;
import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Java says of record.h what the compiled object says of it in its BTF. */
final class ContractTest {
  private static final Path HEADER = Path.of("../bpf/src/main/bpf/record.h");
  private static final Pattern DEFINITION =
      Pattern.compile("(?m)^(?:struct|enum) (rastro_\\w+) \\{");
  private static final String PREFIX = "RASTRO_";

  /** The program alone needs them, or another test looks at them. */
  private static final Set<String> CHECKED_OTHERWISE =
      Set.of("RASTRO_LOSSES", "RASTRO_CGROUP_LEVELS");

  private static ObjectTypes object;

  @BeforeAll
  static void read(@TempDir Path directory) throws IOException {
    Path file = directory.resolve("capture.bpf.o");
    Files.write(file, CaptureObject.read());
    object = ObjectTypes.read(file.toString());
  }

  @Test
  void theObjectDescribesAllThatTheHeaderDefines() throws IOException {
    List<String> missing = new ArrayList<>();
    Matcher definition = DEFINITION.matcher(Files.readString(HEADER));
    int definitions = 0;
    while (definition.find()) {
      definitions++;
      String name = definition.group(1);
      if (!object.structs().containsKey(name) && !object.enums().containsKey(name)) {
        missing.add(name);
      }
    }
    assertEquals(List.of(), missing, "to be mentioned in contract.bpf.h");
    assertTrue(definitions > 0, "nothing found in " + HEADER);
  }

  @Test
  void everyEnumeratorHasItsJavaConstant() throws IllegalAccessException {
    Map<String, Integer> java = constants(RecordLayout.class, PlanLayout.class);
    for (LossCause cause : LossCause.values()) {
      java.put("LOST_" + cause, cause.code());
    }
    for (Rule.Kind kind : Rule.Kind.values()) {
      java.put("RULE_" + kind, kind.code());
    }
    for (KernelFilter filter : KernelFilter.values()) {
      java.put("FILTER_" + filter, filter.code());
    }
    java.put("END_OF_STREAM", ControlLayout.END_OF_STREAM);
    java.put("IDLE_WAKEUP", ControlLayout.IDLE_WAKEUP);
    for (ProcessLoad.State state : ProcessLoad.State.values()) {
      java.put("TASK_" + state, state.code());
    }
    java.put("TASK_STATES", ProcessLoad.State.values().length);
    java.put("RULES", ControlLayout.RULES);
    java.put("FILTERS", ControlLayout.FILTERS);
    java.put("GATE_WORDS", Targets.GATE_WORDS);
    List<String> wrong = new ArrayList<>();
    object
        .enumerators()
        .forEach(
            (name, value) -> {
              if (name.startsWith(PREFIX) && !CHECKED_OTHERWISE.contains(name)) {
                Integer ours = java.get(name.substring(PREFIX.length()));
                if (!value.equals(ours)) {
                  wrong.add(name + " = " + value + ", in Java " + ours);
                }
              }
            });
    assertEquals(List.of(), wrong);
  }

  @Test
  void recordsLieWhereJavaReadsThem() {
    check("head", RecordLayout.HEAD_BYTES, "sessions", RecordLayout.HEAD_SESSIONS_OFFSET);
    check("head", RecordLayout.HEAD_BYTES, "time_ns", RecordLayout.HEAD_TIME_OFFSET);
    check("head", RecordLayout.HEAD_BYTES, "tgid", RecordLayout.HEAD_TGID_OFFSET);
    check("head", RecordLayout.HEAD_BYTES, "tid", RecordLayout.HEAD_TID_OFFSET);
    check("head", RecordLayout.HEAD_BYTES, "nr", RecordLayout.HEAD_NR_OFFSET);
    check("head", RecordLayout.HEAD_BYTES, "kind", RecordLayout.HEAD_KIND_OFFSET);
    check("head", RecordLayout.HEAD_BYTES, "abi", RecordLayout.HEAD_ABI_OFFSET);
    check("head", RecordLayout.HEAD_BYTES, "flags", RecordLayout.HEAD_FLAGS_OFFSET);
    check("call", RecordLayout.CALL_BYTES, "result", RecordLayout.CALL_RESULT_OFFSET);
    check("call", RecordLayout.CALL_BYTES, "duration_ns", RecordLayout.CALL_DURATION_OFFSET);
    check("call", RecordLayout.CALL_BYTES, "args", RecordLayout.CALL_ARGS_OFFSET);
    int segment = RecordLayout.SEGMENT_HEAD_BYTES;
    check("segment", segment, "address", RecordLayout.SEGMENT_ADDRESS_OFFSET);
    check("segment", segment, "wanted", RecordLayout.SEGMENT_WANTED_OFFSET);
    check("segment", segment, "length", RecordLayout.SEGMENT_LENGTH_OFFSET);
    check("segment", segment, "op", RecordLayout.SEGMENT_OP_OFFSET);
    check("segment", segment, "arg", RecordLayout.SEGMENT_ARG_OFFSET);
    check("segment", segment, "kind", RecordLayout.SEGMENT_KIND_OFFSET);
    check("segment", segment, "status", RecordLayout.SEGMENT_STATUS_OFFSET);
    int file = RecordLayout.FILE_BYTES;
    check("descriptor", file, "inode", RecordLayout.FILE_INODE_OFFSET);
    check("descriptor", file, "peer", RecordLayout.FILE_PEER_OFFSET);
    check("descriptor", file, "mode", RecordLayout.FILE_MODE_OFFSET);
    check("descriptor", file, "device", RecordLayout.FILE_DEVICE_OFFSET);
    check("descriptor", file, "id", RecordLayout.FILE_ID_OFFSET);
    check("descriptor", file, "protocol", RecordLayout.FILE_PROTOCOL_OFFSET);
    check("descriptor", file, "family", RecordLayout.FILE_FAMILY_OFFSET);
    check("descriptor", file, "type", RecordLayout.FILE_TYPE_OFFSET);
    check("descriptor", file, "state", RecordLayout.FILE_STATE_OFFSET);
    check("descriptor", file, "local_port", RecordLayout.FILE_LOCAL_PORT_OFFSET);
    check("descriptor", file, "remote_port", RecordLayout.FILE_REMOTE_PORT_OFFSET);
    check("descriptor", file, "local", RecordLayout.FILE_LOCAL_OFFSET);
    check("descriptor", file, "remote", RecordLayout.FILE_REMOTE_OFFSET);
    check("descriptor", file, "form", RecordLayout.FILE_FORM_OFFSET);
    check("descriptor", file, "flags", RecordLayout.FILE_FLAGS_OFFSET);
    check("descriptor", file, "name_bytes", RecordLayout.FILE_NAME_BYTES_OFFSET);
    int fork = RecordLayout.FORK_BYTES;
    check("fork", fork, "child_start_ns", RecordLayout.FORK_CHILD_START_OFFSET);
    check("fork", fork, "child_tgid", RecordLayout.FORK_CHILD_TGID_OFFSET);
    check("fork", fork, "child_tid", RecordLayout.FORK_CHILD_TID_OFFSET);
    check("fork", fork, "child_ns_tgid", RecordLayout.FORK_CHILD_NS_TGID_OFFSET);
    check("fork", fork, "child_ns_tid", RecordLayout.FORK_CHILD_NS_TID_OFFSET);
    check("exec", RecordLayout.EXEC_BYTES, "start_ns", RecordLayout.EXEC_START_OFFSET);
    check("exec", RecordLayout.EXEC_BYTES, "old_tid", RecordLayout.EXEC_OLD_TID_OFFSET);
    check("exec", RecordLayout.EXEC_BYTES, "uid", RecordLayout.EXEC_UID_OFFSET);
    check("exec", RecordLayout.EXEC_BYTES, "comm", RecordLayout.EXEC_COMM_OFFSET);
    check("exec", RecordLayout.EXEC_BYTES, "filename", RecordLayout.EXEC_FILENAME_OFFSET);
    check("exec", RecordLayout.EXEC_BYTES, "watched_by", RecordLayout.EXEC_WATCHED_BY_OFFSET);
    check("exec", RecordLayout.EXEC_BYTES, "withheld_from", RecordLayout.EXEC_WITHHELD_FROM_OFFSET);
    check("fork", fork, "watched_by", RecordLayout.FORK_WATCHED_BY_OFFSET);
    check("fork", fork, "clone_flags", RecordLayout.FORK_CLONE_FLAGS_OFFSET);
    check("fork", fork, "uid", RecordLayout.FORK_UID_OFFSET);
    int exec = RecordLayout.EXEC_BYTES;
    check("exec", exec, "argument_bytes", RecordLayout.EXEC_ARGUMENT_BYTES_OFFSET);
    check("exec", exec, "arguments", RecordLayout.EXEC_ARGUMENTS_OFFSET);
    int exit = RecordLayout.EXIT_BYTES;
    check("exit", exit, "start_ns", RecordLayout.EXIT_START_OFFSET);
    check("exit", exit, "status", RecordLayout.EXIT_STATUS_OFFSET);
    check("exit", exit, "process_ended", RecordLayout.EXIT_PROCESS_ENDED_OFFSET);
    check("exit", exit, "comm", RecordLayout.EXIT_COMM_OFFSET);
    check("exit", exit, "uid", RecordLayout.EXIT_UID_OFFSET);
    check("signal", RecordLayout.SIGNAL_BYTES, "handler", RecordLayout.SIGNAL_HANDLER_OFFSET);
    check("signal", RecordLayout.SIGNAL_BYTES, "siginfo", RecordLayout.SIGNAL_SIGINFO_OFFSET);
  }

  @Test
  void theControlPageLiesWhereJavaWritesIt() {
    int bytes = ControlLayout.CONTROL_BYTES;
    check("control", bytes, "syscall_sessions", ControlLayout.SYSCALL_SESSIONS);
    check("control", bytes, "capture", ControlLayout.CAPTURE);
    check("control", bytes, "everyone", ControlLayout.EVERYONE);
    check("control", bytes, "streaming", ControlLayout.STREAMING);
    check("control", bytes, "counting", ControlLayout.COUNTING);
    check("control", bytes, "failed_only", ControlLayout.FAILED_ONLY);
    check("control", bytes, "success_only", ControlLayout.SUCCESS_ONLY);
    check("control", bytes, "lifecycle", ControlLayout.LIFECYCLE);
    check("control", bytes, "lifecycle_everyone", ControlLayout.LIFECYCLE_EVERYONE);
    check("control", bytes, "blocked", ControlLayout.BLOCKED);
    check("control", bytes, "lifecycle_told", ControlLayout.LIFECYCLE_TOLD);
    check("control", bytes, "choosing", ControlLayout.CHOOSING);
    check("control", bytes, "chooses_by", ControlLayout.CHOOSES_BY);
    check("control", bytes, "choosing_descendants", ControlLayout.CHOOSING_DESCENDANTS);
    check("control", bytes, "some_errors", ControlLayout.SOME_ERRORS);
    check("control", bytes, "slow_only", ControlLayout.SLOW_ONLY);
    check("control", bytes, "errno_sessions", ControlLayout.ERRNO_SESSIONS);
    check("control", bytes, "min_duration_ns", ControlLayout.MIN_DURATION);
    check("control", bytes, "descriptors", ControlLayout.DESCRIPTORS);
    check("control", bytes, "bounded", ControlLayout.BOUNDED);
    check("control", bytes, "owned", ControlLayout.OWNED);
    check("control", bytes, "owner_uid", ControlLayout.OWNER_UID);
    check("control", bytes, "owner_gid", ControlLayout.OWNER_GID);
    check("control", bytes, "signal_sessions", ControlLayout.SIGNAL_SESSIONS);
    check("control", bytes, "self_tgid", ControlLayout.SELF_TGID);
    check("control", bytes, "epoch", ControlLayout.EPOCH);
    check("control", bytes, "armed", ControlLayout.ARMED);
    check("control", bytes, "tail_names", ControlLayout.TAIL_NAMES);
    check("control", bytes, "page_shift", ControlLayout.PAGE_SHIFT);
    check("control", bytes, "lost", ControlLayout.LOST);
    check("control", bytes, "lost_by_session", ControlLayout.LOST_BY_SESSION);
  }

  @Test
  void mapsLieWhereJavaReadsThem() {
    int target = ControlLayout.TARGET_BYTES;
    check("target", target, "wanted", ControlLayout.TARGET_WANTED);
    check("target", target, "inherit", ControlLayout.TARGET_INHERIT);
    check("target", target, "spawn", ControlLayout.TARGET_SPAWN);
    check("target", target, "pending", ControlLayout.TARGET_PENDING);
    check("target", target, "chosen", ControlLayout.TARGET_CHOSEN);
    int rule = ControlLayout.RULE_BYTES;
    check("rule", rule, "kind", ControlLayout.RULE_KIND);
    check("rule", rule, "words", ControlLayout.RULE_WORDS);
    int key = ControlLayout.KEY_BYTES;
    check("counter_key", key, "start_ns", ControlLayout.KEY_START);
    check("counter_key", key, "tgid", ControlLayout.KEY_TGID);
    check("counter_key", key, "slot", ControlLayout.KEY_SLOT);
    int counter = ControlLayout.COUNTER_BYTES;
    check("counter", counter, "calls", ControlLayout.COUNTER_CALLS);
    check("counter", counter, "errors", ControlLayout.COUNTER_ERRORS);
    check("counter", counter, "timed", ControlLayout.COUNTER_TIMED);
    check("counter", counter, "total_ns", ControlLayout.COUNTER_TOTAL);
    check("counter", counter, "min_ns", ControlLayout.COUNTER_MIN);
    check("counter", counter, "max_ns", ControlLayout.COUNTER_MAX);
    check("counter", counter, "histogram", ControlLayout.COUNTER_HISTOGRAM);
    int error = ControlLayout.ERROR_KEY_BYTES;
    check("error_key", error, "start_ns", ControlLayout.ERROR_START);
    check("error_key", error, "tgid", ControlLayout.ERROR_TGID);
    check("error_key", error, "slot", ControlLayout.ERROR_SLOT);
    check("error_key", error, "error", ControlLayout.ERROR_ERRNO);
    int task = ControlLayout.TASK_BYTES;
    check("task", task, "tgid", ControlLayout.TASK_TGID);
    check("task", task, "age_ns", ControlLayout.TASK_AGE);
    check("task", task, "ran_ns", ControlLayout.TASK_RAN);
    check("task", task, "ready_ns", ControlLayout.TASK_READY);
    check("task", task, "state", ControlLayout.TASK_STATE);
    check("plan", PlanLayout.PLAN_SIZE_BYTES, "ops", PlanLayout.PLAN_OPS);
    check("plan", PlanLayout.PLAN_SIZE_BYTES, "op", PlanLayout.PLAN_OP);
    check("plan", PlanLayout.PLAN_SIZE_BYTES, "describe", PlanLayout.PLAN_DESCRIBE);
    check("plan", PlanLayout.PLAN_SIZE_BYTES, "places", PlanLayout.PLAN_PLACES);
    check("plan", PlanLayout.PLAN_SIZE_BYTES, "place", PlanLayout.PLAN_PLACE);
    int place = PlanLayout.PLACE_SIZE_BYTES;
    check("place", place, "op", PlanLayout.PLACE_OP);
    check("place", place, "stride", PlanLayout.PLACE_STRIDE);
    check("place", place, "at", PlanLayout.PLACE_AT);
    int op = PlanLayout.OP_SIZE_BYTES;
    check("op", op, "what", PlanLayout.OP_WHAT);
    check("op", op, "when", PlanLayout.OP_WHEN);
    check("op", op, "base", PlanLayout.OP_BASE);
    check("op", op, "length_from", PlanLayout.OP_LENGTH_FROM);
    check("op", op, "length_arg", PlanLayout.OP_LENGTH_ARG);
    check("op", op, "flags", PlanLayout.OP_FLAGS);
    check("op", op, "element", PlanLayout.OP_ELEMENT);
    check("op", op, "pointer_at", PlanLayout.OP_POINTER_AT);
    check("op", op, "length_at", PlanLayout.OP_LENGTH_AT);
    check("op", op, "limit", PlanLayout.OP_LIMIT);
  }

  @Test
  void theStashOfATaskLiesWhereJavaReadsIt() {
    Map<String, Integer> stash = object.structs().get("stash");
    assertEquals(stash.get(""), ControlLayout.STASH_BYTES);
    assertEquals(stash.get("entry_ns"), ControlLayout.STASH_ENTRY);
    assertEquals(stash.get("nr"), ControlLayout.STASH_NUMBER);
    assertEquals(stash.get("flags"), ControlLayout.STASH_FLAGS);
  }

  @Test
  void limitsAreTheHeaders() {
    Map<String, Integer> limits = object.enumerators();
    assertEquals(limits.get("RASTRO_SYSCALL_SLOTS"), ControlLayout.SYSCALL_SLOTS);
    assertEquals(limits.get("RASTRO_SESSIONS"), ControlLayout.SESSIONS);
    assertEquals(limits.get("RASTRO_SIGNALS"), ControlLayout.SIGNALS);
    assertEquals(limits.get("RASTRO_LOSSES"), ControlLayout.LOSSES);
    assertEquals(limits.get("RASTRO_HISTOGRAM_BUCKETS"), ControlLayout.HISTOGRAM_BUCKETS);
    assertEquals(limits.get("RASTRO_HISTOGRAM_BUCKETS"), Histogram.BUCKETS);
  }

  private static void check(String struct, int bytes, String field, int offset) {
    String name = "rastro_" + struct;
    Map<String, Integer> layout = object.structs().get(name);
    assertEquals(layout.get(""), bytes, "size of struct " + name);
    assertEquals(layout.get(field), offset, name + "." + field);
  }

  private static Map<String, Integer> constants(Class<?>... layouts) throws IllegalAccessException {
    Map<String, Integer> constants = new HashMap<>();
    for (Class<?> layout : layouts) {
      for (Field field : layout.getDeclaredFields()) {
        if (Modifier.isPublic(field.getModifiers()) && field.getType() == int.class) {
          constants.put(field.getName(), field.getInt(null));
        }
      }
    }
    return constants;
  }
}
