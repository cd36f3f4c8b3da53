// SPDX-License-Identifier: Apache-2.0
package dev.rastro.client.printing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rastro.v1.ErrorCount;
import dev.rastro.v1.GetSummaryResponse;
import dev.rastro.v1.ProcessKey;
import dev.rastro.v1.Quantile;
import dev.rastro.v1.SummaryBy;
import dev.rastro.v1.SummaryRow;
import java.util.List;
import org.junit.jupiter.api.Test;

final class SummaryPageTest {
  private static final SummaryRow OPENAT =
      SummaryRow.newBuilder()
          .setSyscall("openat")
          .setNumber(257)
          .setProcess(ProcessKey.newBuilder().setPid(42).setStartTimeNanos(77))
          .setComm("a,\"b\"")
          .setCalls(10)
          .setErrors(4)
          .setTimedCalls(9)
          .setTotalNanos(18_000)
          .setMinNanos(512)
          .setMaxNanos(10_240)
          .addQuantiles(Quantile.newBuilder().setFraction(0.5).setNanos(640))
          .addQuantiles(Quantile.newBuilder().setFraction(0.999).setNanos(10_240))
          .addErrorsByErrno(ErrorCount.newBuilder().setName("ENOENT").setNumber(2).setCount(3))
          .addErrorsByErrno(ErrorCount.newBuilder().setNumber(600).setCount(1))
          .build();
  private static final SummaryRow UNTIMED =
      SummaryRow.newBuilder().setSyscall("read").setCalls(1).setEndsOfStream(1).build();
  private static final List<Double> FRACTIONS = List.of(0.5, 0.999);

  private static GetSummaryResponse.Builder answer(SummaryRow... rows) {
    return GetSummaryResponse.newBuilder()
        .addAllRows(List.of(rows))
        .setTotal(SummaryRow.newBuilder().setCalls(11).setErrors(4))
        .setComplete(true)
        .setWindowNanos(2_500_000_000L);
  }

  @Test
  void aRowIsALineAndTheirSumTheLast() {
    assertEquals(
        """
        CALLS  ERRORS   TOTAL    MEAN    P50   P99.9    MIN     MAX  SYSCALL  ERRORS BY KIND
           10       4  18.0µs  2.00µs  640ns  10.2µs  512ns  10.2µs  openat   ENOENT:3 600:1
            1               -       -      -       -      -       -  read
           11       4       -       -      -       -      -       -  (total)
        in 2.50 s
        """,
        SummaryPage.of(
            answer(OPENAT, UNTIMED).build(), SummaryBy.SUMMARY_BY_SYSCALL, FRACTIONS, 100));
  }

  @Test
  void whatIsLeftOutAndWhyIsTold() {
    GetSummaryResponse summary =
        answer(OPENAT)
            .setRowsLeftOut(7)
            .setSnapshotId("3")
            .setComplete(false)
            .addIncompleteBecause("2 calls were not counted")
            .setTotal(SummaryRow.newBuilder().setExtremesAreBounds(true))
            .build();
    String page = SummaryPage.of(summary, SummaryBy.SUMMARY_BY_COMMAND, FRACTIONS, 80);
    assertTrue(
        page.endsWith(
            """
            in 2.50 s; 7 more rows; MIN and MAX are bounds; kept as 3
            not complete: 2 calls were not counted
            """),
        page);
    assertTrue(page.lines().allMatch(line -> line.length() <= 80), page);
  }

  @Test
  void csvQuotesWhatItMustAndLeavesEmptyWhatIsNotKnown() {
    assertEquals(
        """
        syscall,number,pid,start_time_nanos,comm,calls,errors,timed_calls,total_nanos,min_nanos,max_nanos,p50_nanos,p99_9_nanos,ends_of_stream,idle_wakeups,errors_by_errno
        openat,257,42,77,"a,""b""\",10,4,9,18000,512,10240,640,10240,0,0,ENOENT:3 600:1
        read,,,,,1,0,0,,,,,,1,0,
        """,
        SummaryCsv.of(answer(OPENAT, UNTIMED).build(), FRACTIONS));
  }
}
