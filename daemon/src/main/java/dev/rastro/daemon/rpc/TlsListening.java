package dev.rastro.daemon.rpc;

import java.net.InetSocketAddress;
import java.nio.file.Path;

/**
 * Where mutual TLS is served, and with what: PEM files, which may change while it is.
 *
 * @param address port 0 for any free one
 * @param key of the certificate, PKCS#8
 * @param clientCa who vouches for clients
 */
public record TlsListening(InetSocketAddress address, Path certificate, Path key, Path clientCa) {}
