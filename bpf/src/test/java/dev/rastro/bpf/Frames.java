package dev.rastro.bpf;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What the functions of a BPF object need of the stack, and who calls whom (linux/bpf.h, struct
 * bpf_insn), as the kernel's verifier reckons it (check_max_stack_depth of Linux 6.1): each frame
 * is as deep as the lowest place that is reached from r10, rounded up to 32 bytes; a callback's
 * frame lies upon that of who hands it to a helper.
 */
final class Frames {
  private static final String SUBPROGRAMS = ".text";
  private static final int INSTRUCTION_BYTES = 8;
  private static final int FRAME_POINTER = 10;

  /** What a call leaves undefined is in the registers below. */
  private static final int CALLERS_FIRST = 6;

  private static final int ROUNDED_TO = 32;

  private static final int CLASS = 7;
  private static final int LD = 0;
  private static final int LDX = 1;
  private static final int ST = 2;
  private static final int STX = 3;
  private static final int ALU = 4;
  private static final int ALU64 = 7;

  private static final int LOAD_IMMEDIATE_64 = 0x18;
  private static final int MOVE = 0xbf;
  private static final int ADD_IMMEDIATE = 0x07;
  private static final int CALL = 0x85;
  private static final int PSEUDO_CALL = 1;

  private final Elf elf;
  private final Map<Elf.Symbol, Integer> depths = new HashMap<>();
  private final Map<Elf.Symbol, List<Elf.Symbol>> callees = new HashMap<>();

  private record Instruction(int at, int code, int target, int source, int offset, int immediate) {}

  /** Functions that call each other, the outermost first. */
  record Chain(String program, List<String> functions, List<Integer> frameBytes) {
    int bytes() {
      return frameBytes.stream().mapToInt(Integer::intValue).sum();
    }

    @Override
    public String toString() {
      List<String> words = new ArrayList<>();
      for (int i = 0; i < functions.size(); i++) {
        words.add(functions.get(i) + " " + frameBytes.get(i));
      }
      return program + ": " + bytes() + " bytes: " + String.join(" > ", words);
    }
  }

  Frames(byte[] object) {
    elf = new Elf(object);
    for (Elf.Symbol function : functions()) {
      List<Instruction> instructions = instructions(function);
      depths.put(function, depth(instructions));
      callees.put(function, callees(function, instructions));
    }
  }

  private List<Elf.Symbol> functions() {
    return elf.symbols().stream().filter(symbol -> symbol.type() == Elf.STT_FUNC).toList();
  }

  /** Of each program the chain that needs most. */
  List<Chain> deepest() {
    return functions().stream()
        .filter(function -> !section(function).name().equals(SUBPROGRAMS))
        .map(program -> chain(program.name(), path(program)))
        .toList();
  }

  private Chain chain(String program, List<Elf.Symbol> path) {
    return new Chain(
        program,
        path.stream().map(Elf.Symbol::name).toList(),
        path.stream().map(this::frameBytes).toList());
  }

  private List<Elf.Symbol> path(Elf.Symbol from) {
    List<Elf.Symbol> path = new ArrayList<>(List.of(from));
    callees.get(from).stream()
        .map(this::path)
        .max(Comparator.comparingInt(this::bytes))
        .ifPresent(path::addAll);
    return path;
  }

  private int bytes(List<Elf.Symbol> path) {
    return path.stream().collect(Collectors.summingInt(this::frameBytes));
  }

  private int frameBytes(Elf.Symbol function) {
    int depth = Math.max(1, depths.get(function));
    return (depth + ROUNDED_TO - 1) / ROUNDED_TO * ROUNDED_TO;
  }

  private Elf.Section section(Elf.Symbol symbol) {
    return elf.sections().get(symbol.section());
  }

  private List<Instruction> instructions(Elf.Symbol function) {
    ByteBuffer bytes = elf.bytes();
    List<Instruction> instructions = new ArrayList<>();
    int end = function.value() + function.size();
    for (int at = function.value(); at < end; at += INSTRUCTION_BYTES) {
      int start = section(function).offset() + at;
      int registers = bytes.get(start + 1);
      Instruction instruction =
          new Instruction(
              at,
              bytes.get(start) & 0xff,
              registers & 0xf,
              registers >> 4 & 0xf,
              bytes.getShort(start + 2),
              bytes.getInt(start + 4));
      instructions.add(instruction);
      if (instruction.code == LOAD_IMMEDIATE_64) {
        at += INSTRUCTION_BYTES;
      }
    }
    return instructions;
  }

  /** How far below r10 it reaches, by r10 itself or by what it has made of it. */
  private static int depth(List<Instruction> instructions) {
    Integer[] places = new Integer[FRAME_POINTER + 1];
    places[FRAME_POINTER] = 0;
    int lowest = 0;
    for (Instruction instruction : instructions) {
      int target = instruction.target;
      Integer reached = null;
      switch (instruction.code & CLASS) {
        case LDX -> {
          reached = plus(places[instruction.source], instruction.offset);
          places[target] = null;
        }
        case ST, STX -> reached = plus(places[target], instruction.offset);
        case ALU, ALU64 -> {
          places[target] =
              switch (instruction.code) {
                case MOVE -> places[instruction.source];
                case ADD_IMMEDIATE -> plus(places[target], instruction.immediate);
                default -> null;
              };
          reached = places[target];
        }
        case LD -> places[target] = null;
        default -> {
          if (instruction.code == CALL) {
            Arrays.fill(places, 0, CALLERS_FIRST, null);
          }
        }
      }
      lowest = reached == null ? lowest : Math.min(lowest, reached);
    }
    return -lowest;
  }

  private static Integer plus(Integer place, int distance) {
    return place == null ? null : Integer.valueOf(place + distance);
  }

  /** As libbpf resolves them: by the relocation, which leaves a distance in the instruction. */
  private List<Elf.Symbol> callees(Elf.Symbol function, List<Instruction> instructions) {
    Map<Integer, Elf.Symbol> relocations = elf.relocations(function.section());
    List<Elf.Symbol> called = new ArrayList<>();
    for (Instruction instruction : instructions) {
      Elf.Symbol to = relocations.get(instruction.at);
      if (instruction.code == CALL && instruction.source == PSEUDO_CALL) {
        int distance = (instruction.immediate + 1) * INSTRUCTION_BYTES;
        called.add(
            to == null
                ? function(function.section(), instruction.at + distance)
                : function(to.section(), to.value() + distance));
      } else if (instruction.code == LOAD_IMMEDIATE_64 && to != null && isCode(to)) {
        called.add(function(to.section(), to.value() + instruction.immediate));
      }
    }
    return called;
  }

  private boolean isCode(Elf.Symbol symbol) {
    return symbol.type() == Elf.STT_FUNC || section(symbol).name().equals(SUBPROGRAMS);
  }

  private Elf.Symbol function(int section, int value) {
    return functions().stream()
        .filter(function -> function.section() == section && function.value() == value)
        .findFirst()
        .orElseThrow();
  }
}
