package dev.rastro.bpf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Reads the ELF headers (elf.h, Elf64_Ehdr and Elf64_Shdr) of the object that the build made. */
final class CaptureObjectTest {
  private static final short EM_BPF = 247;

  @Test
  void isAnObjectForTheBpfMachine() {
    ByteBuffer elf = elf();
    assertEquals(0x464c457f, elf.getInt(0), "ELF magic");
    assertEquals(EM_BPF, elf.getShort(18), "e_machine");
  }

  @Test
  void carriesItsProgramsAndTheirTypes() {
    Set<String> sections = sections();
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

  private static ByteBuffer elf() {
    return ByteBuffer.wrap(CaptureObject.read()).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static Set<String> sections() {
    ByteBuffer elf = elf();
    int headers = (int) elf.getLong(40);
    int headerBytes = elf.getShort(58);
    int count = elf.getShort(60);
    int names = (int) elf.getLong(headers + elf.getShort(62) * headerBytes + 24);
    Set<String> sections = new TreeSet<>();
    for (int i = 0; i < count; i++) {
      int start = names + elf.getInt(headers + i * headerBytes);
      int end = start;
      while (elf.get(end) != 0) {
        end++;
      }
      byte[] name = new byte[end - start];
      elf.get(start, name);
      sections.add(new String(name, StandardCharsets.US_ASCII));
    }
    return sections;
  }
}
