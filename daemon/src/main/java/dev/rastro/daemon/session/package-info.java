/**
 * Between the drain and those who watch: one session is one bit in every record, one bounded queue
 * of batches, and books that balance. The drain thread fills a queue and never waits; a stream's
 * thread empties it when its transport is ready. What falls out of a full queue is counted and told
 * in the stream, in its place.
 */
package dev.rastro.daemon.session;
