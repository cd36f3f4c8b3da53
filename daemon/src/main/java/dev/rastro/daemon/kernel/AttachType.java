package dev.rastro.daemon.kernel;

import java.util.List;
import java.util.Optional;

/** By which way of the kernel's a program comes to run. */
public enum AttachType {
  /** A tracepoint whose arguments the kernel's own BTF describes. */
  TP_BTF("tp_btf"),
  /** The same with bare numbers for arguments. */
  RAW_TP("raw_tp"),
  /** A tracepoint through perf_event_open: costs more, and its programs are never preempted. */
  TRACEPOINT("tracepoint"),
  /** Run over what is there, by whoever reads it. */
  ITER("iter");

  /** Those that system calls can be had by. */
  public static final List<AttachType> OF_SYSCALLS = List.of(TP_BTF, RAW_TP, TRACEPOINT);

  private final String text;

  AttachType(String text) {
    this.text = text;
  }

  /** One of {@link #OF_SYSCALLS}, by its name. */
  public static Optional<AttachType> ofSyscalls(String text) {
    return OF_SYSCALLS.stream().filter(type -> type.text.equals(text)).findFirst();
  }

  /** As libbpf's section names and {@code GetStatus} call it. */
  public String text() {
    return text;
  }
}
