/** What endpoints allow: limits that people change at run time, in force on every replica at once. */
@NullMarked
package io.bulwark.ratelimit.policy;

import org.jspecify.annotations.NullMarked;
