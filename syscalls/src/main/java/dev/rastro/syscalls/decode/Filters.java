package dev.rastro.syscalls.decode;

import dev.rastro.syscalls.record.RecordReader;
import dev.rastro.syscalls.table.Kind;

/** Programs of classic BPF: struct sock_fprog and its instructions, linux/filter.h. */
final class Filters {
  private static final int PROGRAM_BYTES = 16;
  private static final int INSTRUCTION_BYTES = 8;
  private static final int CLASS = 0x07;
  private static final int SIZE = 0x18;
  private static final int MODE = 0xe0;
  private static final int OPERATION = 0xf0;
  private static final int SOURCE = 0x08;
  private static final int RETURN_VALUE = 0x18;
  private static final int MISC = 0xf8;

  private Filters() {}

  static void register(Specials specials) {
    specials.add("filter_program", Filters::program);
  }

  static void program(Walk walk, long address) {
    int segment = Multiplexed.segment(walk, address, false, PROGRAM_BYTES);
    if (segment == RecordReader.NO_SEGMENT) {
      return;
    }
    int at = walk.memory().segmentData(segment);
    long count = walk.unsigned(at, Short.BYTES);
    long instructions = walk.unsigned(at + Long.BYTES, Long.BYTES);
    Sink sink = walk.sink();
    sink.beginStruct();
    sink.field("len");
    sink.number(count, Kind.Format.DECIMAL, false);
    sink.field("filter");
    int code = walk.options().verbose() && count > 0 ? walk.find(instructions) : -1;
    if (code == RecordReader.NO_SEGMENT || code < 0) {
      sink.address(instructions);
    } else {
      instructions(walk, code, count);
    }
    sink.endStruct(true);
  }

  private static void instructions(Walk walk, int segment, long count) {
    int there = (int) Math.min(count, walk.memory().segmentLength(segment) / INSTRUCTION_BYTES);
    int at = walk.memory().segmentData(segment);
    walk.sink().beginArray();
    for (int i = 0; i < there; i++) {
      walk.sink().element();
      instruction(walk, at + INSTRUCTION_BYTES * i);
    }
    walk.sink().endArray(there == count);
  }

  private static void instruction(Walk walk, int at) {
    int code = (int) walk.unsigned(at, Short.BYTES);
    int ifTrue = (int) walk.unsigned(at + 2, 1);
    int ifFalse = (int) walk.unsigned(at + 3, 1);
    StringBuilder words = walk.words();
    boolean jump = ifTrue != 0 || ifFalse != 0;
    words.append(jump ? "BPF_JUMP(" : "BPF_STMT(");
    code(walk, words, code);
    words.append(", ");
    long operand = walk.unsigned(at + 4, Integer.BYTES);
    String kind = Walk.choice(walk.names("bpf_filter_class"), code & CLASS);
    if (kind.equals("BPF_RET") && (code & RETURN_VALUE) == 0) {
      action(walk, words, operand);
    } else {
      Walk.hex(words, operand);
    }
    if (jump) {
      words.append(", ");
      Walk.hex(words, ifTrue);
      words.append(", ");
      Walk.hex(words, ifFalse);
    }
    walk.sink().phrase(code, words.append(')'));
  }

  private static void code(Walk walk, StringBuilder words, int code) {
    String kind = Walk.choice(walk.names("bpf_filter_class"), code & CLASS);
    words.append(kind);
    switch (kind) {
      case "BPF_LD", "BPF_LDX", "BPF_ST", "BPF_STX" -> {
        part(walk, words, "bpf_filter_size", code & SIZE);
        part(walk, words, "bpf_filter_mode", code & MODE);
      }
      case "BPF_ALU" -> {
        part(walk, words, "bpf_filter_source", code & SOURCE);
        part(walk, words, "bpf_filter_alu", code & OPERATION);
      }
      case "BPF_JMP" -> {
        part(walk, words, "bpf_filter_source", code & SOURCE);
        part(walk, words, "bpf_filter_jump", code & OPERATION);
      }
      case "BPF_RET" -> part(walk, words, "bpf_filter_return", code & RETURN_VALUE);
      default -> part(walk, words, "bpf_filter_misc", code & MISC);
    }
  }

  private static void part(Walk walk, StringBuilder words, String names, int value) {
    String name = Walk.choice(walk.names(names), value);
    words.append('|');
    if (name.isEmpty()) {
      Walk.hex(words, value);
    } else {
      words.append(name);
    }
  }

  private static void action(Walk walk, StringBuilder words, long value) {
    String name = Walk.choice(walk.names("seccomp_return"), value);
    if (name.isEmpty()) {
      Walk.hex(words, value);
      return;
    }
    words.append(name);
    if ((value & 0xffff) != 0) {
      words.append('|');
      Walk.hex(words, value & 0xffff);
    }
  }
}
