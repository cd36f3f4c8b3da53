/** How a command fails: a message for a person and an exit status for a script. */
package dev.rastro.client.failure;
