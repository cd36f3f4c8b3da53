/** The questions, one class each. */
package dev.rastro.bench.measure;
