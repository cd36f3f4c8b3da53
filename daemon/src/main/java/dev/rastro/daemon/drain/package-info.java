/**
 * One thread that owns all mutable state of the daemon: it reads the ring, keeps the books, feeds
 * the aggregators and hands each record to the sessions whose bit the kernel set in it. Everybody
 * else speaks to it through {@link dev.rastro.daemon.drain.Drain}, whose methods queue a command
 * and return a future.
 */
package dev.rastro.daemon.drain;
