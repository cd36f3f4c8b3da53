package dev.rastro.daemon.config;

import java.net.InetSocketAddress;
import java.nio.file.Path;

/**
 * Mutual TLS. The files are PEM and may change while the daemon runs.
 *
 * @param address port 0 picks a free one
 * @param key of the certificate
 * @param clientCa who vouches for clients
 */
public record TlsSettings(InetSocketAddress address, Path certificate, Path key, Path clientCa) {}
