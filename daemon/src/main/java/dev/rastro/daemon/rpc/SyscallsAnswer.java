package dev.rastro.daemon.rpc;

import dev.rastro.daemon.session.BadFilter;
import dev.rastro.daemon.session.Selection;
import dev.rastro.syscalls.table.Architecture;
import dev.rastro.syscalls.table.SyscallTable;
import dev.rastro.v1.ListSyscallsRequest;
import dev.rastro.v1.ListSyscallsResponse;
import dev.rastro.v1.Parameter;
import dev.rastro.v1.Syscall;
import java.util.BitSet;
import java.util.List;

/** The table, as data. */
final class SyscallsAnswer {

  private final SyscallTable table;

  SyscallsAnswer(SyscallTable table) {
    this.table = table;
  }

  ListSyscallsResponse answer(ListSyscallsRequest request) throws BadFilter {
    Architecture architecture = architecture(request);
    SyscallTable asked =
        architecture == Architecture.current() ? table : SyscallTable.load(architecture);
    BitSet numbers = Selection.slots(asked, "", request.getSyscallsList(), List.of());
    ListSyscallsResponse.Builder answer =
        ListSyscallsResponse.newBuilder()
            .setEtag(asked.etag())
            .setArchitecture(Wire.architecture(architecture));
    for (dev.rastro.syscalls.table.Syscall syscall : asked.all()) {
      if (numbers.get(syscall.number())) {
        answer.addSyscalls(row(syscall));
      }
    }
    return answer.build();
  }

  private static Architecture architecture(ListSyscallsRequest request) throws BadFilter {
    return switch (request.getArchitecture()) {
      case ARCHITECTURE_UNSPECIFIED -> Architecture.current();
      case ARCHITECTURE_X86_64 -> Architecture.X86_64;
      case ARCHITECTURE_AARCH64 -> Architecture.AARCH64;
      case UNRECOGNIZED ->
          throw new BadFilter(
              "architecture",
              "%d is not known to this daemon; it may be too old"
                  .formatted(request.getArchitectureValue()));
    };
  }

  private static Syscall row(dev.rastro.syscalls.table.Syscall syscall) {
    Syscall.Builder row =
        Syscall.newBuilder()
            .setNumber(syscall.number())
            .setName(syscall.name())
            .setResultKind(syscall.result().name())
            .setSignature(syscall.signature());
    syscall.classes().stream().sorted().forEach(row::addClasses);
    for (dev.rastro.syscalls.table.Syscall.Argument argument : syscall.arguments()) {
      row.addParameters(
          Parameter.newBuilder().setName(argument.name()).setKind(argument.kind().name()));
    }
    return row.build();
  }
}
