/**
 * strace's text: a {@link dev.rastro.syscalls.text.LineWriter} writes whole lines for calls,
 * signals and exits into a reusable {@link dev.rastro.syscalls.text.TextBuffer}. Nothing is
 * allocated per line once the buffer has grown.
 */
package dev.rastro.syscalls.text;
