/** Orders that a responder gives from an incident, and what became of them. */
@NullMarked
package io.bulwark.incident.containment;

import org.jspecify.annotations.NullMarked;
