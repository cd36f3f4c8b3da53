package dev.rastro.daemon.kernel;

/**
 * Something this kernel cannot give, and everything else goes on without.
 *
 * @param what is missing for the user
 * @param cause as the kernel or libbpf told it
 * @param remedy what to do about it
 */
public record Degradation(String what, String cause, String remedy) {}
