/** The daemon's settings: the command line, checked once and immutable from then on. */
package dev.rastro.daemon.config;
