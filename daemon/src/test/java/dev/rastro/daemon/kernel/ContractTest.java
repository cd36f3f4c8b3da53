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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Java says the same as record.h, and the compiled object too. The object's BTF has only the types
 * that its maps and functions mention, so the header is laid out here and that is compared with
 * both.
 */
final class ContractTest {
  /** The program alone needs them, or another test looks at them. */
  private static final Set<String> CHECKED_OTHERWISE =
      Set.of("RASTRO_LOSSES", "RASTRO_NAME_BYTES", "RASTRO_CONTROL_BYTES");

  private static RecordHeader header;

  @BeforeAll
  static void read() throws IOException {
    header = RecordHeader.read();
  }

  @Test
  void theCompilerLaysOutWhatTheHeaderSays(@TempDir Path directory) throws IOException {
    Path object = directory.resolve("capture.bpf.o");
    Files.write(object, CaptureObject.read());
    Map<String, Map<String, Integer>> compiled = ObjectTypes.structs(object.toString());
    List<String> compared = new ArrayList<>();
    header.structs.forEach(
        (name, struct) -> {
          if (compiled.containsKey(name)) {
            Map<String, Integer> expected = new LinkedHashMap<>(struct.offsets());
            expected.put("", struct.bytes());
            assertEquals(expected, compiled.get(name), "struct " + name);
            compared.add(name);
          }
        });
    assertTrue(
        compared.containsAll(
            List.of(
                "rastro_head",
                "rastro_call",
                "rastro_control",
                "rastro_target",
                "rastro_counter",
                "rastro_counter_key",
                "rastro_error_key",
                "rastro_op",
                "rastro_plan")),
        compared.toString());
  }

  @Test
  void everyEnumeratorHasItsJavaConstant() throws IllegalAccessException {
    Map<String, Integer> java = constants(RecordLayout.class, PlanLayout.class);
    for (LossCause cause : LossCause.values()) {
      java.put("LOST_" + cause, cause.code());
    }
    java.put("GATE_WORDS", Targets.GATE_WORDS);
    List<String> wrong = new ArrayList<>();
    header.enumerators.forEach(
        (name, value) -> {
          if (!CHECKED_OTHERWISE.contains(name)
              && !value.equals(java.get(name.substring("RASTRO_".length())))) {
            wrong.add(name + " = " + value + ", in Java " + java.get(name.substring(7)));
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
    int exit = RecordLayout.EXIT_BYTES;
    check("exit", exit, "start_ns", RecordLayout.EXIT_START_OFFSET);
    check("exit", exit, "status", RecordLayout.EXIT_STATUS_OFFSET);
    check("exit", exit, "process_ended", RecordLayout.EXIT_PROCESS_ENDED_OFFSET);
    check("exit", exit, "comm", RecordLayout.EXIT_COMM_OFFSET);
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
    check("control", bytes, "descriptors", ControlLayout.DESCRIPTORS);
    check("control", bytes, "signal_sessions", ControlLayout.SIGNAL_SESSIONS);
    check("control", bytes, "self_tgid", ControlLayout.SELF_TGID);
    check("control", bytes, "epoch", ControlLayout.EPOCH);
    check("control", bytes, "armed", ControlLayout.ARMED);
    check("control", bytes, "lost", ControlLayout.LOST);
    check("control", bytes, "lost_by_session", ControlLayout.LOST_BY_SESSION);
  }

  @Test
  void mapsLieWhereJavaReadsThem() {
    int target = ControlLayout.TARGET_BYTES;
    check("target", target, "wanted", ControlLayout.TARGET_WANTED);
    check("target", target, "inherit", ControlLayout.TARGET_INHERIT);
    check("target", target, "spawn", ControlLayout.TARGET_SPAWN);
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
    check("plan", PlanLayout.PLAN_SIZE_BYTES, "ops", PlanLayout.PLAN_OPS);
    check("plan", PlanLayout.PLAN_SIZE_BYTES, "op", PlanLayout.PLAN_OP);
    check("plan", PlanLayout.PLAN_SIZE_BYTES, "describe", PlanLayout.PLAN_DESCRIBE);
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
  void limitsAreTheHeaders() {
    Map<String, Integer> limits = header.enumerators;
    assertEquals(limits.get("RASTRO_SYSCALL_SLOTS"), ControlLayout.SYSCALL_SLOTS);
    assertEquals(limits.get("RASTRO_SESSIONS"), ControlLayout.SESSIONS);
    assertEquals(limits.get("RASTRO_SIGNALS"), ControlLayout.SIGNALS);
    assertEquals(limits.get("RASTRO_LOSSES"), ControlLayout.LOSSES);
    assertEquals(limits.get("RASTRO_HISTOGRAM_BUCKETS"), ControlLayout.HISTOGRAM_BUCKETS);
    assertEquals(limits.get("RASTRO_HISTOGRAM_BUCKETS"), Histogram.BUCKETS);
  }

  private static void check(String struct, int bytes, String field, int offset) {
    String name = "rastro_" + struct;
    assertEquals(header.structs.get(name).bytes(), bytes, "size of struct " + name);
    assertEquals(header.offset(name, field), offset, name + "." + field);
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
