/**
 * The API of {@code rastro/v1/tracer.proto}: requests become orders for a session, batches become
 * messages, failures become {@code google.rpc.Status} with the field at fault and the remedy. The
 * only room that sees gRPC.
 */
package dev.rastro.daemon.rpc;
