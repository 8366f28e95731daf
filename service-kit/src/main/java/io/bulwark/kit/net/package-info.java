/** Internet addresses and networks, strictly parsed, and the hops that proxies write. */
@NullMarked
package io.bulwark.kit.net;

import org.jspecify.annotations.NullMarked;
