/** The gateways that may ask, and the keys by which they are known. */
@NullMarked
package io.bulwark.ratelimit.gateway;

import org.jspecify.annotations.NullMarked;
