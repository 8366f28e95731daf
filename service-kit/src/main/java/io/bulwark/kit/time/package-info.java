/** The clock. */
@NullMarked
package io.bulwark.kit.time;

import org.jspecify.annotations.NullMarked;
