/** Topics: made sure of at start, and followed where the newest record per key is the state. */
@NullMarked
package io.bulwark.kit.topic;

import org.jspecify.annotations.NullMarked;
