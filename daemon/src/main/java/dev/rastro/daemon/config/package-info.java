/** The daemon's settings: command line and file, checked once and immutable from then on. */
package dev.rastro.daemon.config;
