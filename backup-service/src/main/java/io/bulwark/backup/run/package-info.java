/** A backup from the request to its record, and the reading back that proves it. */
@NullMarked
package io.bulwark.backup.run;

import org.jspecify.annotations.NullMarked;
