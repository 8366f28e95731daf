/** What every service does the same way. A cross-cutting concern lives here once, or not at all. */
@NullMarked
package io.bulwark.kit;

import org.jspecify.annotations.NullMarked;
