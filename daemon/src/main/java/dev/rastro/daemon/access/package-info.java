/**
 * Who calls, whose processes they may see and how much of them, and how much of the daemon they may
 * take. The rules stand here and nowhere else; whoever answers asks {@link
 * dev.rastro.daemon.access.Caller}.
 */
package dev.rastro.daemon.access;
