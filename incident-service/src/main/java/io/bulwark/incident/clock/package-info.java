/** Notices that nobody acknowledged an incident in time. */
@NullMarked
package io.bulwark.incident.clock;

import org.jspecify.annotations.NullMarked;
