/** Counts failed sign-ins in event time and blocks where they come from. */
@NullMarked
package io.bulwark.ratelimit.detection;

import org.jspecify.annotations.NullMarked;
