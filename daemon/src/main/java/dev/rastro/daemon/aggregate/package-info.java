/**
 * What the processes did, added up: per process and syscall out of the kernel's own counters, so
 * that sums are exact whatever the ring loses. Bounded primitive tables, owned by the drain thread;
 * what leaves the package are immutable snapshots.
 */
package dev.rastro.daemon.aggregate;
