/**
 * The built image, run as a user runs it, against real programs and the real kernel. Everything
 * here needs root and fails without it. Where strace knows the truth, strace is asked.
 */
package dev.rastro.endtoend;
