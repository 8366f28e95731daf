/** Errors as RFC 9457 problem+json. */
@NullMarked
package io.bulwark.kit.problem;

import org.jspecify.annotations.NullMarked;
