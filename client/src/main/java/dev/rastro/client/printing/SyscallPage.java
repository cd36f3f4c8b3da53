package dev.rastro.client.printing;

import dev.rastro.syscalls.table.Kind;
import dev.rastro.syscalls.table.Syscall;
import dev.rastro.v1.Parameter;
import java.util.List;
import java.util.TreeSet;

/** {@code rastro syscalls}: rows of the table. */
public final class SyscallPage {

  private SyscallPage() {}

  public static String of(List<Syscall> syscalls) {
    Columns columns = new Columns("NUMBER", "<SIGNATURE", "<CLASSES");
    for (Syscall syscall : syscalls) {
      columns.row(syscall.number(), syscall.signature(), classes(syscall));
    }
    return columns.toString();
  }

  /** One message a syscall, as {@code ListSyscalls} has it. */
  public static String json(List<Syscall> syscalls) {
    StringBuilder lines = new StringBuilder();
    for (Syscall syscall : syscalls) {
      lines.append(JsonLines.line(message(syscall)));
    }
    return lines.toString();
  }

  private static String classes(Syscall syscall) {
    return String.join(",", new TreeSet<>(syscall.classes()));
  }

  private static dev.rastro.v1.Syscall message(Syscall syscall) {
    dev.rastro.v1.Syscall.Builder message =
        dev.rastro.v1.Syscall.newBuilder()
            .setNumber(syscall.number())
            .setName(syscall.name())
            .setResultKind(syscall.result().name())
            .addAllClasses(new TreeSet<>(syscall.classes()))
            .setSignature(syscall.signature());
    for (Syscall.Argument argument : syscall.arguments()) {
      Kind kind = argument.kind();
      message.addParameters(Parameter.newBuilder().setName(argument.name()).setKind(kind.name()));
    }
    return message.build();
  }
}
