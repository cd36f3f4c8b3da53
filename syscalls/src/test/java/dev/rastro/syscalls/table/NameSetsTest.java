package dev.rastro.syscalls.table;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class NameSetsTest {

  @Test
  void valuesAreThoseOfTheArchitecture() {
    assertEquals(0x10000, value(Architecture.X86_64, "open_flags", "O_DIRECTORY").orElseThrow());
    assertEquals(0x4000, value(Architecture.AARCH64, "open_flags", "O_DIRECTORY").orElseThrow());
    assertEquals(0x40, value(Architecture.X86_64, "mmap_flags", "MAP_32BIT").orElseThrow());
    assertTrue(value(Architecture.AARCH64, "mmap_flags", "MAP_32BIT").isEmpty());
    assertEquals(0x10, value(Architecture.AARCH64, "mmap_prot", "PROT_BTI").orElseThrow());
  }

  @Test
  void aChoiceInsideFlagsHasTheMaskOfItsField() {
    Names names = names(Architecture.X86_64, "open_flags");
    assertEquals(Names.Style.FLAGS, names.style());
    assertEquals("O_???", names.prefix());
    assertEquals(new Names.Entry("O_RDONLY", 0, 3), names.entries().get(0));
    assertTrue(names.entries().contains(new Names.Entry("O_CREAT", 0x40, 0x40)));
    assertTrue(
        names(Architecture.X86_64, "clone_flags")
            .entries()
            .contains(new Names.Entry("SIGCHLD", 17, 0xff)));
    assertEquals(
        List.of(new Names.Entry("SEEK_SET", 0, -1), new Names.Entry("SEEK_CUR", 1, -1)),
        names(Architecture.X86_64, "seek_whence").entries().subList(0, 2));
  }

  @Test
  void anAliasComesBeforeItsParts() {
    List<String> texts =
        names(Architecture.X86_64, "statx_mask").entries().stream().map(Names.Entry::text).toList();
    assertTrue(texts.indexOf("STATX_ALL") < texts.indexOf("STATX_BASIC_STATS"));
    assertTrue(texts.indexOf("STATX_BASIC_STATS") < texts.indexOf("STATX_MODE"));
  }

  @ParameterizedTest
  @EnumSource(Architecture.class)
  void everyEntryOfEverySetCanMatch(Architecture architecture) {
    NameSets sets = new NameSets(architecture, DataFile.load("names.txt"));
    assertTrue(sets.names().size() > 140);
    for (String set : sets.names()) {
      Names names = sets.find(set).orElseThrow().names();
      for (Names.Entry entry : names.entries()) {
        assertEquals(entry.value(), entry.value() & entry.mask(), set + " " + entry);
        assertFalse(entry.text().isEmpty(), set);
      }
      assertEquals(names.entries().size(), names.entries().stream().distinct().count(), set);
    }
  }

  @Test
  void aMalformedLineIsTold() {
    NameSets sets =
        new NameSets(
            Architecture.X86_64, new DataFile("names.txt", "set x flags 4 X_???\nX_A 1z\n"));
    assertEquals(
        "names.txt:2: not a hexadecimal number: \"1z\": X_A 1z",
        assertThrows(DataSyntaxException.class, () -> sets.find("x")).getMessage());
  }

  private static Optional<Long> value(Architecture architecture, String set, String text) {
    return names(architecture, set).entries().stream()
        .filter(e -> e.text().equals(text))
        .map(Names.Entry::value)
        .findFirst();
  }

  private static Names names(Architecture architecture, String set) {
    return new NameSets(architecture, DataFile.load("names.txt")).find(set).orElseThrow().names();
  }
}
