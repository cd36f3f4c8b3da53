package dev.rastro.daemon.rpc;

import dev.rastro.daemon.access.Role;
import dev.rastro.daemon.detail.Detail;
import dev.rastro.daemon.kernel.LossCause;
import dev.rastro.daemon.session.Counts;
import dev.rastro.daemon.session.FilterPart;
import dev.rastro.daemon.session.Ledger;
import dev.rastro.daemon.session.Loss;
import dev.rastro.daemon.session.Order;
import dev.rastro.syscalls.table.Architecture;
import dev.rastro.syscalls.table.Syscall;
import dev.rastro.syscalls.table.SyscallTable;
import dev.rastro.syscalls.table.Waits;
import dev.rastro.v1.CallCount;
import dev.rastro.v1.FilteredCount;
import dev.rastro.v1.Form;
import dev.rastro.v1.Gap;
import dev.rastro.v1.LossCount;
import dev.rastro.v1.ProcessKey;
import dev.rastro.v1.WaitKind;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The daemon's own words in those of the proto. */
final class Wire {

  private Wire() {}

  static dev.rastro.v1.Architecture architecture(Architecture architecture) {
    return switch (architecture) {
      case X86_64 -> dev.rastro.v1.Architecture.ARCHITECTURE_X86_64;
      case AARCH64 -> dev.rastro.v1.Architecture.ARCHITECTURE_AARCH64;
    };
  }

  static ProcessKey key(dev.rastro.daemon.kernel.ProcessKey key) {
    return ProcessKey.newBuilder().setPid(key.pid()).setStartTimeNanos(key.startNanos()).build();
  }

  static dev.rastro.v1.Loss loss(Loss loss) {
    return switch (loss) {
      case RING_FULL -> dev.rastro.v1.Loss.LOSS_RING_FULL;
      case QUEUE_FULL -> dev.rastro.v1.Loss.LOSS_QUEUE_FULL;
      case STORAGE -> dev.rastro.v1.Loss.LOSS_STORAGE;
      case COUNTER_FULL -> dev.rastro.v1.Loss.LOSS_COUNTER_FULL;
      case FORK_FULL -> dev.rastro.v1.Loss.LOSS_FORK_FULL;
      case ENTRY_BYTES -> dev.rastro.v1.Loss.LOSS_ENTRY_BYTES;
      case MISSED_RUN -> dev.rastro.v1.Loss.LOSS_MISSED_RUN;
      case EVICTED -> dev.rastro.v1.Loss.LOSS_EVICTED;
      case WITHHELD -> dev.rastro.v1.Loss.LOSS_WITHHELD;
    };
  }

  static Gap gap(dev.rastro.daemon.session.Gap gap, long cursor) {
    return Gap.newBuilder()
        .setCause(loss(gap.cause()))
        .setCount(gap.count())
        .setFromTimeNanos(gap.fromNanos())
        .setToTimeNanos(gap.toNanos())
        .setCursor(cursor)
        .build();
  }

  /** What was sent to a connection that broke, and is not held any more. */
  static Gap evicted(long count, long cursor) {
    return Gap.newBuilder().setCause(loss(Loss.EVICTED)).setCount(count).setCursor(cursor).build();
  }

  static List<LossCount> losses(Map<Loss, Long> lost) {
    return lost.entrySet().stream()
        .filter(entry -> entry.getValue() > 0)
        .sorted(Comparator.comparing(Map.Entry::getKey))
        .map(entry -> count(entry.getKey(), entry.getValue()))
        .toList();
  }

  static List<LossCount> kernelLosses(Map<LossCause, Long> lost) {
    return lost.entrySet().stream()
        .filter(entry -> entry.getValue() > 0)
        .sorted(Comparator.comparing(Map.Entry::getKey))
        .flatMap(
            entry -> {
              Optional<Loss> loss = Loss.of(entry.getKey());
              return loss.stream().map(cause -> count(cause, entry.getValue()));
            })
        .toList();
  }

  static LossCount count(Loss loss, long count) {
    return LossCount.newBuilder().setCause(loss(loss)).setCount(count).build();
  }

  static dev.rastro.v1.Ledger ledger(Ledger ledger) {
    return dev.rastro.v1.Ledger.newBuilder()
        .setObserved(ledger.observed())
        .setDelivered(ledger.delivered())
        .setFiltered(ledger.filtered())
        .addAllLost(losses(ledger.lost()))
        .setQueued(ledger.queued())
        .addAllFilteredBy(filters(ledger))
        .build();
  }

  static List<FilteredCount> filters(Ledger ledger) {
    return ledger.filteredBy().entrySet().stream()
        .sorted(Map.Entry.<FilterPart, Long>comparingByValue().reversed())
        .map(
            entry ->
                FilteredCount.newBuilder()
                    .setFilter(entry.getKey().name().toLowerCase(Locale.ROOT))
                    .setCount(entry.getValue())
                    .build())
        .toList();
  }

  static dev.rastro.v1.Detail detail(Detail detail) {
    return switch (detail) {
      case FULL -> dev.rastro.v1.Detail.DETAIL_FULL;
      case NO_BUFFERS -> dev.rastro.v1.Detail.DETAIL_NO_BUFFERS;
      case NO_ARGUMENTS -> dev.rastro.v1.Detail.DETAIL_NO_ARGUMENTS;
      case COUNTS -> dev.rastro.v1.Detail.DETAIL_COUNTS;
    };
  }

  static dev.rastro.v1.Counts counts(Counts counts, SyscallTable table, long cursor) {
    dev.rastro.v1.Counts.Builder message =
        dev.rastro.v1.Counts.newBuilder()
            .setOthers(counts.others())
            .setFromTimeNanos(counts.fromNanos())
            .setToTimeNanos(counts.toNanos())
            .setCursor(cursor);
    for (int slot = 0; slot < SyscallTable.SLOTS; slot++) {
      if (counts.calls(slot) > 0) {
        message.addCalls(
            CallCount.newBuilder()
                .setName(table.find(slot).map(Syscall::name).orElse(""))
                .setCalls(counts.calls(slot))
                .setErrors(counts.errors(slot)));
      }
    }
    return message.build();
  }

  static dev.rastro.v1.Role role(Role role) {
    return switch (role) {
      case VIEWER -> dev.rastro.v1.Role.ROLE_VIEWER;
      case TRACER -> dev.rastro.v1.Role.ROLE_TRACER;
      case ADMIN -> dev.rastro.v1.Role.ROLE_ADMIN;
    };
  }

  static Form form(Order.Form form) {
    return switch (form) {
      case DECODED -> Form.FORM_DECODED;
      case PACKED -> Form.FORM_PACKED;
      case COUNT -> Form.FORM_COUNT;
    };
  }

  static WaitKind waitKind(Waits.Kind kind) {
    return switch (kind) {
      case INPUT -> WaitKind.WAIT_KIND_INPUT;
      case OUTPUT -> WaitKind.WAIT_KIND_OUTPUT;
      case ACCEPT -> WaitKind.WAIT_KIND_ACCEPT;
      case CONNECT -> WaitKind.WAIT_KIND_CONNECT;
      case DESCRIPTORS, SETS, EPOLL -> WaitKind.WAIT_KIND_DESCRIPTORS;
      case COMPLETION -> WaitKind.WAIT_KIND_COMPLETION;
      case FUTEX -> WaitKind.WAIT_KIND_FUTEX;
      case CHILD, CHILD_BY -> WaitKind.WAIT_KIND_CHILD;
      case SLEEP -> WaitKind.WAIT_KIND_SLEEP;
      case SIGNAL -> WaitKind.WAIT_KIND_SIGNAL;
      case FILE_LOCK, LOCK -> WaitKind.WAIT_KIND_LOCK;
      case MESSAGE -> WaitKind.WAIT_KIND_MESSAGE;
      case DISK -> WaitKind.WAIT_KIND_DISK;
      case OPEN -> WaitKind.WAIT_KIND_OPEN;
    };
  }
}
