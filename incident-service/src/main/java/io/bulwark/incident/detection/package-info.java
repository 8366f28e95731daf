/** Evaluates the alert rules over the whole topics, exactly and in event time, and opens one incident per episode. */
@NullMarked
package io.bulwark.incident.detection;

import org.jspecify.annotations.NullMarked;
