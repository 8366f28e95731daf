/** The databases that are backed up. */
@NullMarked
package io.bulwark.backup.source;

import org.jspecify.annotations.NullMarked;
