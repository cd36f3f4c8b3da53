/**
 * What the user reads: trace lines laid out as strace does, count tables, the pages of the other
 * commands, and the same as JSON. Knows records and messages, not where they come from.
 */
package dev.rastro.client.printing;
