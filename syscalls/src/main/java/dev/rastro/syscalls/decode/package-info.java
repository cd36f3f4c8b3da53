/**
 * From a captured call to values: one walk over the registers, the captured memory and the kinds
 * that the table gives them, telling a {@link dev.rastro.syscalls.decode.Sink} what it meets. The
 * walk knows nothing of text or protocol; sinks know nothing of memory layouts.
 *
 * <p>Kinds that no data can describe are {@code Special}s, registered by name in {@code Specials};
 * calls whose arguments change shape with one of them (fcntl, futex, clone) are {@code Shape}s.
 */
package dev.rastro.syscalls.decode;
