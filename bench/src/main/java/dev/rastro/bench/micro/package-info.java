/** Pieces of the way alone, under JMH. */
package dev.rastro.bench.micro;
