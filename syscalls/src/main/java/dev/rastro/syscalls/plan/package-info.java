/**
 * From rows of the table to what the capture program does for each syscall: which memory it reads,
 * when, and how much of it. A new row needs no code here and none in the kernel.
 */
package dev.rastro.syscalls.plan;
