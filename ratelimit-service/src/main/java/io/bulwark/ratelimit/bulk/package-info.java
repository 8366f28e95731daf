/** Blocks by the hundred thousand: lists brought in, and all that is blocked taken out. */
@NullMarked
package io.bulwark.ratelimit.bulk;

import org.jspecify.annotations.NullMarked;
