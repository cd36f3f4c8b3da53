/**
 * A terminal's whole screen: lines are drawn, keys are read. The only room that knows the terminal
 * library, which is loaded when a screen is opened and not before.
 */
package dev.rastro.client.screen;
