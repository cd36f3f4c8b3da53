package dev.rastro.client.commands;

import dev.rastro.client.failure.ClientFailure;
import dev.rastro.client.failure.ExitStatus;
import dev.rastro.client.printing.SyscallPage;
import dev.rastro.syscalls.table.Architecture;
import dev.rastro.syscalls.table.Syscall;
import dev.rastro.syscalls.table.SyscallTable;
import dev.rastro.syscalls.table.UnknownSyscall;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParseResult;

/** {@code rastro syscalls}: the table. Needs no daemon. */
final class SyscallsCommand implements Subcommand {

  @Override
  public String name() {
    return "syscalls";
  }

  @Override
  public CommandSpec specification() {
    CommandSpec spec =
        CommonOptions.specification(
            name(), "Lists system calls: number, signature, classes. Needs no daemon.");
    spec.usageMessage()
        .customSynopsis("Usage: rastro syscalls [OPTIONS] [NAME|%%CLASS|/REGEX...]")
        .footer(
            "  rastro syscalls",
            "  rastro syscalls openat %%network",
            "  rastro syscalls '/^epoll' --output json");
    spec.addOption(CommonOptions.output());
    spec.addOption(CommonOptions.help());
    spec.addPositional(
        PositionalParamSpec.builder()
            .arity("0..*")
            .type(List.class)
            .auxiliaryTypes(String.class)
            .paramLabel("NAME")
            .description("names, %%classes or /regexes; all when absent")
            .build());
    return spec;
  }

  @Override
  public int run(ParseResult arguments) {
    SyscallTable table = SyscallTable.load(Architecture.current());
    List<String> wanted = arguments.matchedPositionalValue(0, List.of());
    boolean json = CommonOptions.json(arguments);
    try {
      List<Syscall> chosen =
          table.select(wanted, List.of()).stream()
              .mapToObj(table::find)
              .flatMap(Optional::stream)
              .toList();
      System.out.print(json ? SyscallPage.json(chosen) : SyscallPage.of(chosen));
      return ExitStatus.OK;
    } catch (UnknownSyscall unknown) {
      throw ClientFailure.usage(unknown.getMessage());
    }
  }
}
