/** Looking into the log, and the door by which an application's own audit log comes in. */
@NullMarked
package io.bulwark.audit.entry;

import org.jspecify.annotations.NullMarked;
