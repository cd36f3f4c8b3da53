/**
 * How much of a record leaves the daemon. A stream may have less than was captured for three
 * reasons: it is overloaded, its reader may not see more, or something is secret. Nothing but
 * {@link dev.rastro.daemon.detail.Reduction} takes anything out of a record.
 */
package dev.rastro.daemon.detail;
