package dev.rastro.bpf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The object that the build made. */
final class CaptureObjectTest {
  private static final short EM_BPF = 247;

  @Test
  void isAnObjectForTheBpfMachine() {
    ByteBuffer elf = ByteBuffer.wrap(CaptureObject.read()).order(ByteOrder.LITTLE_ENDIAN);
    assertEquals(0x464c457f, elf.getInt(0), "ELF magic");
    assertEquals(EM_BPF, elf.getShort(18), "e_machine");
  }

  @Test
  void carriesItsProgramsAndTheirTypes() {
    Set<String> sections =
        new Elf(CaptureObject.read())
            .sections().stream().map(Elf.Section::name).collect(Collectors.toSet());
    assertTrue(
        sections.containsAll(
            Set.of(
                ".BTF",
                ".BTF.ext",
                ".maps",
                ".bss",
                "tp_btf/sys_enter",
                "tp_btf/sys_exit",
                "raw_tp/sys_enter",
                "raw_tp/sys_exit",
                "tp_btf/sched_process_fork",
                "tp_btf/sched_process_exec",
                "tp_btf/sched_process_exit",
                "tp_btf/signal_generate",
                "tp_btf/signal_deliver")),
        () -> "sections: " + sections);
  }

  @Test
  void readGivesEachCallerItsOwnBytes() {
    byte[] first = CaptureObject.read();
    first[0] = 0;
    assertEquals(0x7f, CaptureObject.read()[0]);
  }
}
