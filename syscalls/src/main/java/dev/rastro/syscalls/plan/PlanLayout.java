package dev.rastro.syscalls.plan;

/**
 * Offsets in bytes and enum constants of {@code record.h} that make up a capture plan. All integers
 * are little-endian.
 *
 * <pre>
 * plan             op                                   place
 *   0 u32 ops        0 u8  what           6 u16 element      0 u8  op
 *   4 u16 describe   1 u8  when           8 u16 pointer_at   1 u8  stride
 *   6 u16 places     2 u8  base          10 u16 length_at    2 u16 at
 *   8 op[16]         3 u8  length_from   12 u16 limit
 * 264 place[12]      4 u8  length_arg    14 u16 command
 *                    5 u8  flags
 * </pre>
 */
public final class PlanLayout {
  // struct rastro_plan
  public static final int PLAN_OPS = 0;
  public static final int PLAN_DESCRIBE = 4;
  public static final int PLAN_PLACES = 6;
  public static final int PLAN_OP = 8;
  public static final int PLAN_PLACE = 264;
  public static final int PLAN_SIZE_BYTES = 312;

  // struct rastro_op
  public static final int OP_WHAT = 0;
  public static final int OP_WHEN = 1;
  public static final int OP_BASE = 2;
  public static final int OP_LENGTH_FROM = 3;
  public static final int OP_LENGTH_ARG = 4;
  public static final int OP_FLAGS = 5;
  public static final int OP_ELEMENT = 6;
  public static final int OP_POINTER_AT = 8;
  public static final int OP_LENGTH_AT = 10;
  public static final int OP_LIMIT = 12;
  public static final int OP_COMMAND = 14;
  public static final int OP_SIZE_BYTES = 16;

  // struct rastro_place
  public static final int PLACE_OP = 0;
  public static final int PLACE_STRIDE = 1;
  public static final int PLACE_AT = 2;
  public static final int PLACE_SIZE_BYTES = 4;

  // enum rastro_limit
  public static final int SYSCALL_SLOTS = 512;
  public static final int BASE_STACK = 6;
  public static final int BASE_SEGMENT = 8;
  public static final int COMMAND_ARG = 1;
  public static final int OPS = 16;
  public static final int PLACES = 12;
  public static final int PATH_BYTES = 4096;
  public static final int SEGMENT_BYTES = 32768;

  // enum rastro_op_what
  public static final int READ_BYTES = 1;
  public static final int READ_STRING = 2;
  public static final int READ_STRINGS = 3;
  public static final int READ_IOVEC = 4;
  public static final int READ_MSGHDR = 5;
  public static final int READ_MMSGHDR = 6;
  public static final int READ_IOCBS = 7;

  // enum rastro_op_when
  public static final int WHEN_ENTRY = 1;
  public static final int WHEN_EXIT = 2;
  public static final int WHEN_SUCCESS = 3;

  // enum rastro_op_length
  public static final int LENGTH_CONSTANT = 0;
  public static final int LENGTH_ARG = 1;
  public static final int LENGTH_RESULT = 2;
  public static final int LENGTH_POINTED = 3;
  public static final int LENGTH_IOCTL = 4;
  public static final int LENGTH_FIELD32 = 5;
  public static final int LENGTH_FIELD64 = 6;
  public static final int LENGTH_BITS = 7;
  public static final int LENGTH_PAGES = 8;

  // enum rastro_op_flag
  public static final int LIMIT_BY_RESULT = 1;
  public static final int HEAD_ONLY = 1 << 1;

  // enum rastro_capture_flag
  public static final int CAPTURE_ENTRY = 1;
  public static final int CAPTURE_EXIT = 1 << 1;
  public static final int CAPTURE_ENTER_RECORD = 1 << 2;
  public static final int CAPTURE_NO_RETURN = 1 << 3;
  public static final int CAPTURE_FORKS = 1 << 4;
  public static final int CAPTURE_ARGS_AT_ENTRY = 1 << 5;
  public static final int CAPTURE_FILE_DATA = 1 << 6;
  public static final int CAPTURE_TAKES = 1 << 7;
  public static final int CAPTURE_ACCEPTS = 2 << 7;
  public static final int CAPTURE_POLLS = 3 << 7;
  public static final int CAPTURE_KIND = 3 << 7;
  public static final int CAPTURE_IOCTL = 1 << 9;
  public static final int CAPTURE_NETLINK = 1 << 10;

  // enum rastro_describe
  public static final int DESCRIBE_ARGS = 63;
  public static final int DESCRIBE_RESULT = 1 << 6;

  // enum rastro_stride
  public static final int STRIDE_NONE = 0;
  public static final int STRIDE_BITS = 1;

  private PlanLayout() {}
}
