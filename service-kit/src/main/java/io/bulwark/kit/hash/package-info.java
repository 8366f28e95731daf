/** Digests that every service takes. */
@NullMarked
package io.bulwark.kit.hash;

import org.jspecify.annotations.NullMarked;
