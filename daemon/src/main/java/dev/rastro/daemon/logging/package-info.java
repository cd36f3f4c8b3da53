/** What the daemon logs looks like, and how much it is. The only room that knows logback. */
package dev.rastro.daemon.logging;
