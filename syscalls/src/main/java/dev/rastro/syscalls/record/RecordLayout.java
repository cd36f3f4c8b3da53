package dev.rastro.syscalls.record;

/**
 * Offsets in bytes and enum constants of {@code record.h}, by the same names in camel case. All
 * integers are little-endian.
 *
 * <pre>
 * head                          call, after the head           segment
 *   0 u64 sessions               32 s64 result                   0 u64 address
 *   8 u64 time_ns                40 u64 duration_ns              8 u64 wanted
 *  16 u32 tgid                   48 u64 args[6]                 16 u32 length
 *  20 u32 tid                    96 segments ...                20 u8  op
 *  24 u32 nr                                                    21 u8  arg
 *  28 u8  kind                                                  22 u8  kind
 *  29 u8  abi                                                   23 u8  status
 *  30 u16 flags                                                 24 bytes, padded to 8
 * </pre>
 */
public final class RecordLayout {

  // enum rastro_limit
  public static final int SYSCALL_SLOTS = 512;
  public static final int SLOT_UNKNOWN = 510;
  public static final int SLOT_FOREIGN = 511;
  public static final int SESSIONS = 64;
  public static final int ARGS = 6;
  public static final int BASE_STACK = 6;
  public static final int BASE_SEGMENT = 8;
  public static final int OPS = 8;
  public static final int IOVECS = 64;
  public static final int STRINGS = 256;
  public static final int MESSAGES = 16;
  public static final int PATH_BYTES = 4096;
  public static final int SEGMENT_BYTES = 32768;
  public static final int PAYLOAD_BYTES = 65536;
  public static final int HISTOGRAM_BUCKETS = 128;
  public static final int SIGNALS = 65;
  public static final int ERRNOS = 1024;
  public static final int COMM_BYTES = 16;
  public static final int SIGINFO_BYTES = 48;
  public static final int FILENAME_BYTES = 256;
  public static final int ARGUMENT_BYTES = 256;
  public static final int NAMES = 64;
  public static final int TAIL_NAMES = 8;
  public static final int DESCRIPTORS = 32;
  public static final int CONTROLS = 4;
  public static final int NAME_BYTES = 128;
  public static final int CONTROL_BYTES = 1024;

  // enum rastro_record_kind
  public static final int CALL = 1;
  public static final int CALL_ENTER = 2;
  public static final int FORK = 3;
  public static final int EXEC = 4;
  public static final int EXIT = 5;
  public static final int SIGNAL_GENERATE = 6;
  public static final int SIGNAL_DELIVER = 7;
  public static final int CALL_BLOCKED = 8;

  // enum rastro_abi
  public static final int ABI_NATIVE = 0;
  public static final int ABI_COMPAT32 = 1;
  public static final int ABI_X32 = 2;

  // enum rastro_record_flag
  public static final int NO_DURATION = 1;
  public static final int HAS_ENTER = 1 << 1;
  public static final int NO_RETURN = 1 << 2;
  public static final int PAYLOAD_FULL = 1 << 3;
  public static final int TOLD_BLOCKED = 1 << 4;
  public static final int KILLED = 1 << 5;
  public static final int REDACTED = 1 << 6;
  public static final int REDUCED = 1 << 7;
  public static final int TAIL_TOLD = 1 << 8;

  // struct rastro_head
  public static final int HEAD_SESSIONS_OFFSET = 0;
  public static final int HEAD_TIME_OFFSET = 8;
  public static final int HEAD_TGID_OFFSET = 16;
  public static final int HEAD_TID_OFFSET = 20;
  public static final int HEAD_NR_OFFSET = 24;
  public static final int HEAD_KIND_OFFSET = 28;
  public static final int HEAD_ABI_OFFSET = 29;
  public static final int HEAD_FLAGS_OFFSET = 30;
  public static final int HEAD_BYTES = 32;

  // struct rastro_call
  public static final int CALL_RESULT_OFFSET = 32;
  public static final int CALL_DURATION_OFFSET = 40;
  public static final int CALL_ARGS_OFFSET = 48;
  public static final int CALL_BYTES = 96;

  // enum rastro_segment_status
  public static final int TRUNCATED = 1;
  public static final int FAULT = 1 << 1;
  public static final int AT_ENTRY = 1 << 2;
  public static final int LATE = 1 << 3;
  public static final int CUT_SECRET = 1 << 4;

  // enum rastro_segment_kind
  public static final int BYTES = 1;
  public static final int STRING = 2;
  public static final int POINTERS = 3;
  public static final int DESCRIPTOR = 4;
  public static final int TAIL = 5;

  // enum rastro_file_form
  public static final int FORM_PATH = 0;
  public static final int FORM_PIPE = 1;
  public static final int FORM_SOCKET = 2;
  public static final int FORM_NAMESPACE = 3;
  public static final int FORM_ANONYMOUS = 4;
  public static final int FORM_PIDFD = 5;
  public static final int FORM_NAMELESS = 6;

  // enum rastro_file_flag
  public static final int FILE_DELETED = 1;
  public static final int FILE_CUT = 1 << 1;
  public static final int FILE_BOUND = 1 << 2;

  // struct rastro_descriptor
  public static final int FILE_INODE_OFFSET = 0;
  public static final int FILE_PEER_OFFSET = 8;
  public static final int FILE_MODE_OFFSET = 16;
  public static final int FILE_DEVICE_OFFSET = 20;
  public static final int FILE_ID_OFFSET = 24;
  public static final int FILE_PROTOCOL_OFFSET = 28;
  public static final int FILE_FAMILY_OFFSET = 30;
  public static final int FILE_TYPE_OFFSET = 32;
  public static final int FILE_STATE_OFFSET = 34;
  public static final int FILE_LOCAL_PORT_OFFSET = 36;
  public static final int FILE_REMOTE_PORT_OFFSET = 38;
  public static final int FILE_LOCAL_OFFSET = 40;
  public static final int FILE_REMOTE_OFFSET = 56;
  public static final int FILE_FORM_OFFSET = 72;
  public static final int FILE_FLAGS_OFFSET = 73;
  public static final int FILE_NAME_BYTES_OFFSET = 74;
  public static final int FILE_BYTES = 80;

  // struct rastro_segment
  public static final int SEGMENT_ADDRESS_OFFSET = 0;
  public static final int SEGMENT_WANTED_OFFSET = 8;
  public static final int SEGMENT_LENGTH_OFFSET = 16;
  public static final int SEGMENT_OP_OFFSET = 20;
  public static final int SEGMENT_ARG_OFFSET = 21;
  public static final int SEGMENT_KIND_OFFSET = 22;
  public static final int SEGMENT_STATUS_OFFSET = 23;
  public static final int SEGMENT_HEAD_BYTES = 24;

  // struct rastro_fork
  public static final int FORK_CHILD_START_OFFSET = 32;
  public static final int FORK_CHILD_TGID_OFFSET = 40;
  public static final int FORK_CHILD_TID_OFFSET = 44;
  public static final int FORK_CHILD_NS_TGID_OFFSET = 48;
  public static final int FORK_CHILD_NS_TID_OFFSET = 52;
  public static final int FORK_WATCHED_BY_OFFSET = 56;
  public static final int FORK_CLONE_FLAGS_OFFSET = 64;
  public static final int FORK_UID_OFFSET = 72;
  public static final int FORK_BYTES = 80;

  // struct rastro_exec
  public static final int EXEC_START_OFFSET = 32;
  public static final int EXEC_OLD_TID_OFFSET = 40;
  public static final int EXEC_UID_OFFSET = 44;
  public static final int EXEC_COMM_OFFSET = 48;
  public static final int EXEC_FILENAME_OFFSET = 64;
  public static final int EXEC_WATCHED_BY_OFFSET = 320;
  public static final int EXEC_WITHHELD_FROM_OFFSET = 328;
  public static final int EXEC_ARGUMENT_BYTES_OFFSET = 336;
  public static final int EXEC_ARGUMENTS_OFFSET = 344;
  public static final int EXEC_BYTES = 600;

  // struct rastro_exit
  public static final int EXIT_START_OFFSET = 32;
  public static final int EXIT_STATUS_OFFSET = 40;
  public static final int EXIT_PROCESS_ENDED_OFFSET = 44;
  public static final int EXIT_COMM_OFFSET = 48;
  public static final int EXIT_UID_OFFSET = 64;
  public static final int EXIT_BYTES = 72;

  // struct rastro_signal
  public static final int SIGNAL_HANDLER_OFFSET = 32;
  public static final int SIGNAL_SIGINFO_OFFSET = 48;
  public static final int SIGNAL_BYTES = 96;

  /** In a batch: u32 length and u32 zero before each record, which is padded to this. */
  public static final int BATCH_HEAD_BYTES = 8;

  static final int ALIGNMENT = 8;

  private RecordLayout() {}

  /** Where what follows so many bytes of a record begins. */
  public static long padded(long bytes) {
    return (bytes + ALIGNMENT - 1) & -ALIGNMENT;
  }
}
