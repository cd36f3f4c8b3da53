/** What is measured and what it is measured with: programs at work, tracers, tables. */
package dev.rastro.bench.tool;
