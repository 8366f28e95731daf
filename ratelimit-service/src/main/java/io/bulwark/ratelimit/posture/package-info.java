/** How an application stands to its clients as a whole: as usual, stricter, locked down, or closed for maintenance. */
@NullMarked
package io.bulwark.ratelimit.posture;

import org.jspecify.annotations.NullMarked;
