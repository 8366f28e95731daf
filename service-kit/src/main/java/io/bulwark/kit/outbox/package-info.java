/** Publishing: an event commits with the change it tells of, and one relay per service sends it. */
@NullMarked
package io.bulwark.kit.outbox;

import org.jspecify.annotations.NullMarked;
