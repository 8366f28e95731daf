/** Who calls, with which roles, from which address, and whether the token still holds. */
@NullMarked
package io.bulwark.kit.access;

import org.jspecify.annotations.NullMarked;
