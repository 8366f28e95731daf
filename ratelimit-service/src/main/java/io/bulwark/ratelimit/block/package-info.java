/** Blocks: who ends them, who begins them, and the table in memory that every decision reads. */
@NullMarked
package io.bulwark.ratelimit.block;

import org.jspecify.annotations.NullMarked;
