package dev.rastro.daemon.kernel;

/**
 * One program of the capture object.
 *
 * @param attachType as {@link AttachType#text}; empty when it is not attached now
 * @param missedRuns how often the kernel's recursion guard skipped it since it was loaded
 */
public record ProgramStatus(String name, String attachType, long missedRuns) {}
