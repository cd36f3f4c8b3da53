package dev.rastro.bpf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * A kernel without private stacks (6.1) has one for a program and all that it calls, and refuses
 * what needs more. Newer ones load it, so that no other test would tell.
 */
final class StackTest {
  /** MAX_BPF_STACK of linux/filter.h. */
  private static final int STACK_BYTES = 512;

  /** {@code *(u64 *)(r10 + 0) = r1}, its first two bytes. */
  private static final short STORE_R1_BY_R10 = 0x1a7b;

  @Test
  void framesOfEveryChainOfCallsFitOneStack() {
    List<Frames.Chain> chains = new Frames(CaptureObject.read()).deepest();
    assertFalse(chains.isEmpty());
    List<Frames.Chain> tooDeep =
        chains.stream().filter(chain -> chain.bytes() > STACK_BYTES).toList();
    assertEquals(List.of(), tooDeep, "more than " + STACK_BYTES + " bytes of stack");
  }

  @Test
  void eightBytesMoreAreAnotherThirtyTwo() {
    byte[] object = CaptureObject.read();
    Frames.Chain before = deepest(object);
    Elf elf = new Elf(object);
    Elf.Symbol program =
        elf.symbols().stream()
            .filter(symbol -> symbol.name().equals(before.program()))
            .findFirst()
            .orElseThrow();
    int first = elf.sections().get(program.section()).offset() + program.value();
    int below = before.frameBytes().get(0) + Long.BYTES;
    elf.bytes().putShort(first, STORE_R1_BY_R10).putShort(first + 2, (short) -below);
    Frames.Chain after = deepest(object);
    assertEquals(before.bytes() + 32, after.bytes(), after::toString);
    assertEquals(before.functions(), after.functions());
  }

  private static Frames.Chain deepest(byte[] object) {
    return new Frames(object)
        .deepest().stream().max(Comparator.comparingInt(Frames.Chain::bytes)).orElseThrow();
  }
}
