/** The door for what already runs: what gateways and applications observe, as CloudEvents or as their access log. */
@NullMarked
package io.bulwark.ratelimit.observation;

import org.jspecify.annotations.NullMarked;
