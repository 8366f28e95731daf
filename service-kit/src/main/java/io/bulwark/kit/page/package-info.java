/** Lists in pages. */
@NullMarked
package io.bulwark.kit.page;

import org.jspecify.annotations.NullMarked;
