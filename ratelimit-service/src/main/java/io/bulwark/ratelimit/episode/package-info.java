/** What the detectors concluded, an attack at a time. */
@NullMarked
package io.bulwark.ratelimit.episode;

import org.jspecify.annotations.NullMarked;
