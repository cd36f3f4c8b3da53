/** Sums of calls as the daemon answers them, added up, subtracted and compared. */
package dev.rastro.client.sums;
