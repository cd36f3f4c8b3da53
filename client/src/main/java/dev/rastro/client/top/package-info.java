/**
 * {@code rastro top} without its terminal: what is known of calls, what of it is shown, and what
 * keys do. Lines come out; who draws them is somebody else's business.
 */
package dev.rastro.client.top;
