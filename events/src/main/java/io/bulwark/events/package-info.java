/**
 * The contract between the services and with everybody outside: one sealed interface per topic, the CloudEvents 1.0
 * Kafka binding, and the topics themselves. Depends on nothing of ours.
 */
@NullMarked
package io.bulwark.events;

import org.jspecify.annotations.NullMarked;
