/**
 * What the machine says of itself: {@code /proc} and {@code /etc/passwd}, read on request and never
 * on the way of an event. Knows neither gRPC nor the capture.
 */
package dev.rastro.daemon.host;
