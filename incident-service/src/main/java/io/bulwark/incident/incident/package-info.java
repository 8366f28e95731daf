/** Incidents: from open to closed, each with a timeline that only grows. */
@NullMarked
package io.bulwark.incident.incident;

import org.jspecify.annotations.NullMarked;
