/**
 * Captured records as {@code bpf/src/main/bpf/record.h} lays them out: flyweights that read them in
 * place. A record is data from outside; whatever its bytes are, reading it either works or throws
 * {@link dev.rastro.syscalls.record.MalformedRecord}.
 */
package dev.rastro.syscalls.record;
