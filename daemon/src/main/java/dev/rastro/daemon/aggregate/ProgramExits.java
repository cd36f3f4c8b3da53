package dev.rastro.daemon.aggregate;

/**
 * How often watched processes of one program ended in one way.
 *
 * @param program comm at exit
 * @param status as wait(2) reports it
 */
public record ProgramExits(String program, int status, long count) {}
