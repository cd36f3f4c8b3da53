/**
 * What Rastro costs: each question is a class in {@code measure}, each answer a table that names
 * its target. Figures come from pairs that ran side by side, round by round; only ratios within one
 * run mean anything.
 */
package dev.rastro.bench;
