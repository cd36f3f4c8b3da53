/**
 * Runs the traced command as a child of this process, and deals with signals and exit statuses the
 * way a tracer must. The only package that sees JNA.
 */
package dev.rastro.client.launch;
