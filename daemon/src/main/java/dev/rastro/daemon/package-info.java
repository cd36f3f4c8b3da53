/** The daemon's entry: reads the command line and wires the rooms below, in plain sight. */
package dev.rastro.daemon;
