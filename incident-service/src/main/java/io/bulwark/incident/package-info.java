/** From detections to a closed incident: alert rules in event time, incidents with their clocks, containment. */
@NullMarked
package io.bulwark.incident;

import org.jspecify.annotations.NullMarked;
