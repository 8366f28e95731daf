/** Countries and autonomous systems that are refused, found in databases that the operator supplies. */
@NullMarked
package io.bulwark.ratelimit.geo;

import org.jspecify.annotations.NullMarked;
