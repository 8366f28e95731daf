/** Remembers from where accounts signed in, so that those who belong there are told from those who attack. */
@NullMarked
package io.bulwark.ratelimit.signin;

import org.jspecify.annotations.NullMarked;
