/** Internet addresses and networks, strictly parsed. */
@NullMarked
package io.bulwark.kit.net;

import org.jspecify.annotations.NullMarked;
