/** The bouncer side of the CrowdSec Local API: what is blocked, for gateways that pull instead of asking each time. */
@NullMarked
package io.bulwark.ratelimit.crowdsec;

import org.jspecify.annotations.NullMarked;
