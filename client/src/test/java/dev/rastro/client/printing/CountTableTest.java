package dev.rastro.client.printing;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

final class CountTableTest {

  @Test
  void looksAsStraceDoesAndPutsTheSlowestFirst() {
    String table =
        CountTable.of(
            List.of(
                new CountTable.Row("read", 0, 15, 0, 0),
                new CountTable.Row("openat", 257, 76, 32, 39_000),
                new CountTable.Row("wait4", 61, 4, 2, 674_000)));
    assertEquals(
        """
        % time     seconds  usecs/call     calls    errors syscall
        ------ ----------- ----------- --------- --------- ----------------
         94.53    0.000674         168         4         2 wait4
          5.47    0.000039           0        76        32 openat
          0.00    0.000000           0        15           read
        ------ ----------- ----------- --------- --------- ----------------
        100.00    0.000713           7        95        34 total
        """,
        table);
  }

  @Test
  void nothingCountedIsAnEmptyTable() {
    assertEquals(
        """
        % time     seconds  usecs/call     calls    errors syscall
        ------ ----------- ----------- --------- --------- ----------------
        ------ ----------- ----------- --------- --------- ----------------
        100.00    0.000000           0         0           total
        """,
        CountTable.of(List.of()));
  }
}
