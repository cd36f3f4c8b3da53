/**
 * What {@code rastro doctor} looks at. Each check reads one fact and says in words what it means
 * and, where it is not as it should be, what to do.
 */
package dev.rastro.client.doctor;
