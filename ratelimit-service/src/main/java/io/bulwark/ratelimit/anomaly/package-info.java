/** Notices when an endpoint gets more requests than is usual at this time of the week. */
@NullMarked
package io.bulwark.ratelimit.anomaly;

import org.jspecify.annotations.NullMarked;
