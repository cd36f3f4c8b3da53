/** The commands: what they accept, what they ask of the daemon, what they exit with. */
package dev.rastro.client.commands;
