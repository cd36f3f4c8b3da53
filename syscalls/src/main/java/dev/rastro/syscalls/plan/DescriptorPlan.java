package dev.rastro.syscalls.plan;

import dev.rastro.syscalls.table.Kind;
import dev.rastro.syscalls.table.Syscall;
import dev.rastro.syscalls.table.Syscall.Argument;
import dev.rastro.syscalls.table.SyscallTable;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Where a call has descriptors: in which registers, and where in the memory that its operations
 * read. What they stand for is read only for sessions that ask.
 *
 * <p>Where a command decides what an argument is, these are the places of all commands. What is no
 * descriptor then is described too, if a descriptor of that number is open, and nobody looks at it.
 *
 * @param where bits of {@code enum rastro_describe}
 */
record DescriptorPlan(int where, List<Place> places) {
  static final DescriptorPlan NONE = new DescriptorPlan(0, List.of());

  /** One {@code struct rastro_place}. */
  record Place(int op, int stride, int at) {}

  /** Registers of these have code of their own, which writes descriptors. */
  private static final Set<String> WRITTEN_BY_CODE = Set.of("fanotify_directory", "kcmp_index");

  /** The kind of bpf's attributes; the structs of its commands have names that begin so. */
  private static final String ATTRIBUTES = "bpf_attr";

  private static final String ATTRIBUTES_PREFIX = "bpf_";

  /** struct file_dedupe_range: a head, and behind it for each file what begins with dest_fd. */
  private static final int DEDUPE_HEAD_BYTES = 24;

  private static final int DEDUPE_FILE_BYTES = 32;

  /**
   * @throws IllegalStateException if a row has more places than a plan
   */
  static DescriptorPlan of(SyscallTable table, Syscall row, List<CaptureOp> ops) {
    Collection<Syscall> variants = table.variants(row).all().values();
    int where = returnsOne(row, variants) ? PlanLayout.DESCRIBE_RESULT : 0;
    Set<Place> places = new LinkedHashSet<>();
    for (int i = 0; i < row.arguments().size(); i++) {
      for (Kind kind : kinds(i, row, variants)) {
        if (isDescriptor(kind)) {
          where |= 1 << i;
        }
        addPlaces(table, kind, i, ops, places);
      }
    }
    if (places.size() > PlanLayout.PLACES) {
      throw new IllegalStateException(
          "%s has descriptors in %d places of memory; at most %d fit in a plan"
              .formatted(row.name(), places.size(), PlanLayout.PLACES));
    }
    return new DescriptorPlan(where, List.copyOf(places));
  }

  /** Writes it into the {@code struct rastro_plan} that begins there. */
  void encode(ByteBuffer into, int plan) {
    into.putShort(plan + PlanLayout.PLAN_DESCRIBE, (short) where);
    into.putShort(plan + PlanLayout.PLAN_PLACES, (short) places.size());
    for (int i = 0; i < places.size(); i++) {
      int at = plan + PlanLayout.PLAN_PLACE + i * PlanLayout.PLACE_SIZE_BYTES;
      into.put(at + PlanLayout.PLACE_OP, (byte) places.get(i).op());
      into.put(at + PlanLayout.PLACE_STRIDE, (byte) places.get(i).stride());
      into.putShort(at + PlanLayout.PLACE_AT, (short) places.get(i).at());
    }
  }

  private static boolean returnsOne(Syscall row, Collection<Syscall> variants) {
    return isDescriptor(row.result()) || variants.stream().anyMatch(v -> isDescriptor(v.result()));
  }

  private static Set<Kind> kinds(int argument, Syscall row, Collection<Syscall> variants) {
    Set<Kind> kinds = new LinkedHashSet<>();
    kinds.add(row.arguments().get(argument).kind());
    for (Syscall variant : variants) {
      List<Argument> arguments = variant.arguments();
      if (argument < arguments.size()) {
        kinds.add(arguments.get(argument).kind());
      }
    }
    return kinds;
  }

  private static boolean isDescriptor(Kind kind) {
    return WRITTEN_BY_CODE.contains(kind.name())
        || (kind instanceof Kind.Scalar scalar
            && (scalar.format() == Kind.Format.DESCRIPTOR
                || scalar.format() == Kind.Format.DIRECTORY_DESCRIPTOR));
  }

  private static void addPlaces(
      SyscallTable table, Kind kind, int argument, List<CaptureOp> ops, Set<Place> places) {
    int op = firstOp(ops, argument);
    if (op < 0) {
      return;
    }
    if (kind instanceof Kind.Array array) {
      addElements(array.element(), op, places);
    } else if (kind instanceof Kind.Struct struct) {
      addFields(struct, op, ops, places);
    } else {
      addSpecial(table, kind.name(), op, places);
    }
  }

  private static void addElements(Kind element, int op, Set<Place> places) {
    if (isDescriptor(element)) {
      places.add(new Place(op, element.sizeBytes(), 0));
    } else if (element instanceof Kind.Struct struct) {
      for (Kind.Field field : struct.fields()) {
        if (isDescriptor(field.kind()) && !field.pointer()) {
          places.add(new Place(op, struct.sizeBytes(), field.offset()));
        }
      }
    }
  }

  private static void addFields(
      Kind.Struct struct, int op, List<CaptureOp> ops, Set<Place> places) {
    for (Kind.Field field : struct.fields()) {
      if (isDescriptor(field.kind())) {
        int there = field.pointer() ? nestedOp(ops, op, field.offset()) : op;
        if (there >= 0) {
          places.add(
              new Place(there, PlanLayout.STRIDE_NONE, field.pointer() ? 0 : field.offset()));
        }
      }
    }
  }

  private static void addSpecial(SyscallTable table, String name, int op, Set<Place> places) {
    switch (name) {
      case "fd_set" -> places.add(new Place(op, PlanLayout.STRIDE_BITS, 0));
      case "clone_parent_tid" -> places.add(new Place(op, PlanLayout.STRIDE_NONE, 0));
      case "dedupe_range" -> places.add(new Place(op, DEDUPE_FILE_BYTES, DEDUPE_HEAD_BYTES));
      case ATTRIBUTES -> {
        for (Kind.Struct struct : table.structs(ATTRIBUTES_PREFIX)) {
          addFields(struct, op, List.of(), places);
        }
      }
      default -> {}
    }
  }

  /** Operations at entry come first, so of what is read twice this is how it was given. */
  private static int firstOp(List<CaptureOp> ops, int argument) {
    for (int i = 0; i < ops.size(); i++) {
      if (ops.get(i).base() == argument) {
        return i;
      }
    }
    return -1;
  }

  private static int nestedOp(List<CaptureOp> ops, int parent, int offset) {
    for (int i = 0; i < ops.size(); i++) {
      if (ops.get(i).base() == PlanLayout.BASE_SEGMENT + parent
          && ops.get(i).pointerAt() == offset) {
        return i;
      }
    }
    return -1;
  }
}
