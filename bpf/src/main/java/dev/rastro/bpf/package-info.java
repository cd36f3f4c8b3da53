/**
 * The capture program, compiled: one CO-RE object for every supported kernel and architecture. Its
 * sources and the contract with user space ({@code record.h}) are in {@code src/main/bpf}; this
 * package only hands out the bytes.
 */
package dev.rastro.bpf;
