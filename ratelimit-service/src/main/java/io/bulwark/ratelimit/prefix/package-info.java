/** Networks, each in a scope: which of any number of them an address is in, at the cost of a few looks. */
@NullMarked
package io.bulwark.ratelimit.prefix;

import org.jspecify.annotations.NullMarked;
