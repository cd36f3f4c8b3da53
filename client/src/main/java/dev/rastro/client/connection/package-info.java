/**
 * The way to the daemon: over its Unix socket, over loopback TCP, or by starting a private one. The
 * only package that sees gRPC and Netty; their errors leave it as messages for people.
 */
package dev.rastro.client.connection;
