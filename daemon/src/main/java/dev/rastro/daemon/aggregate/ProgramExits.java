package dev.rastro.daemon.aggregate;

/**
 * How often watched processes of one program and user ended in one way.
 *
 * @param program comm at exit
 * @param uid real user at exit
 * @param status as wait(2) reports it
 */
public record ProgramExits(String program, int uid, int status, long count) {}
