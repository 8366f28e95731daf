/** Carries out the blocks that incidents ask for. */
@NullMarked
package io.bulwark.ratelimit.response;

import org.jspecify.annotations.NullMarked;
