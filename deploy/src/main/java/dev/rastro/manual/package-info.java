/**
 * Makes manual pages, shell completions and the commented file of settings out of the options that
 * the commands themselves have. Runs when a package is built, and is no part of what is installed.
 */
package dev.rastro.manual;
