/** Why an address is served or refused: every reason, list, counter and past event in one answer. */
@NullMarked
package io.bulwark.ratelimit.explain;

import org.jspecify.annotations.NullMarked;
