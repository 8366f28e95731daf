/** Consuming: an event delivered twice is done once, one that cannot be read is set aside, none is skipped. */
@NullMarked
package io.bulwark.kit.inbox;

import org.jspecify.annotations.NullMarked;
