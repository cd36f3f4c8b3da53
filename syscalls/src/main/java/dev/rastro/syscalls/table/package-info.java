/**
 * What a syscall is, as data: rows of {@code syscalls.txt}, kinds, struct layouts and symbolic
 * names, for one architecture at a time.
 *
 * <p>Rows, structs and sets of names are parsed when they are first asked for, so that a program
 * that prints ten different calls pays for ten rows. Everything here is safe for use by several
 * threads. Sources of the data: the kernel's UAPI headers and the section 2 manual pages; {@code
 * syscalls/generate} says how to renew it.
 */
package dev.rastro.syscalls.table;
