/** Backups without anybody asking. */
@NullMarked
package io.bulwark.backup.schedule;

import org.jspecify.annotations.NullMarked;
