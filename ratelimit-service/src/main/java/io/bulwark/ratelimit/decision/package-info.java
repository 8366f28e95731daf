/** Answers gateways: is this client's request to be served? */
@NullMarked
package io.bulwark.ratelimit.decision;

import org.jspecify.annotations.NullMarked;
