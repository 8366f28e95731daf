/** Who is served whatever else is said: an allowance goes before every block around it, every limit and every posture. */
@NullMarked
package io.bulwark.ratelimit.allowlist;

import org.jspecify.annotations.NullMarked;
