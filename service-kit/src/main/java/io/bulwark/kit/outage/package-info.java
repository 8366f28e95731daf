/** Work that is tried again and again while something is away. */
@NullMarked
package io.bulwark.kit.outage;

import org.jspecify.annotations.NullMarked;
