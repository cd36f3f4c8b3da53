/** strace's command line: its options as data, and how they are told from the command. */
package dev.rastro.client.options;
