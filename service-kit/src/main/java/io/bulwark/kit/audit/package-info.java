/** Who did what to what, from where: every mutating and every refused call. */
@NullMarked
package io.bulwark.kit.audit;

import org.jspecify.annotations.NullMarked;
