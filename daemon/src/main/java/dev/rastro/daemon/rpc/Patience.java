package dev.rastro.daemon.rpc;

/**
 * How long the transport waits for a client, in seconds. What takes longer ends.
 *
 * @param firstWords from the connect to the head of HTTP/2's first frame
 * @param handshake from the connect until TLS is agreed upon
 * @param request from a call's headers to the end of its request
 * @param idle a connection without a call
 * @param keepalive over a network, after so much silence it is asked whether it is there
 * @param keepaliveAnswer and has so long to answer
 */
record Patience(
    int firstWords, int handshake, int request, int idle, int keepalive, int keepaliveAnswer) {

  static final Patience STANDARD = new Patience(10, 10, 10, 120, 30, 20);
}
