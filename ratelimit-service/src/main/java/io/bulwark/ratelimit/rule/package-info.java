/** Keeps rules that people change in force on every replica: each is told by Kafka that they changed, and reads them again. */
@NullMarked
package io.bulwark.ratelimit.rule;

import org.jspecify.annotations.NullMarked;
