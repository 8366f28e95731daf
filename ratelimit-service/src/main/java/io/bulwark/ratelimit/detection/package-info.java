/** Counts what places do wrong, in event time, tells of attacks, and blocks where they come from. */
@NullMarked
package io.bulwark.ratelimit.detection;

import org.jspecify.annotations.NullMarked;
