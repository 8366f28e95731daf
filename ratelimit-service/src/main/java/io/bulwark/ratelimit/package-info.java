/**
 * Decisions per request, and all that they follow. A gateway asks about every request ({@code forwardauth}, {@code envoy},
 * {@code crowdsec}) and is answered from memory ({@code decision}): by blocks, subscribed lists and countries, by limits, and
 * by the posture. What is blocked is decided by people ({@code block}), by incidents ({@code response}) or by counting what
 * was observed ({@code detection}); it is stored in Postgres and told to every replica through Kafka.
 */
@NullMarked
package io.bulwark.ratelimit;

import org.jspecify.annotations.NullMarked;
