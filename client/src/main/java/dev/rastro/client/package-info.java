/** The command-line client: {@link dev.rastro.client.Main}. */
package dev.rastro.client;
