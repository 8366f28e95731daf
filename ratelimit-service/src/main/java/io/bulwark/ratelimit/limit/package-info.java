/**
 * Counts against limits, in memory: a fixed table of cells that neither grows nor forgets an active limit, and a decision
 * that takes no lock for longer than a few dozen nanoseconds and allocates nothing.
 */
@NullMarked
package io.bulwark.ratelimit.limit;

import org.jspecify.annotations.NullMarked;
