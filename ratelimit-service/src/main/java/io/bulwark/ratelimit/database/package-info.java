/** Plain SQL, for what counts and is inserted in bulk. */
@NullMarked
package io.bulwark.ratelimit.database;

import org.jspecify.annotations.NullMarked;
