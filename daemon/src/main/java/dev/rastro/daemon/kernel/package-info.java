/**
 * The daemon's only door to the kernel: libbpf and libc through JNA, the mapped ring, the control
 * page and the maps. Nothing outside this package sees {@code com.sun.jna}, a native address or a
 * file descriptor.
 *
 * <p>Unless a class says otherwise its objects belong to one thread, the drain.
 */
package dev.rastro.daemon.kernel;
