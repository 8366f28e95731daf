/** PostgreSQL's own pg_dump and pg_restore, as found on the machine and run as processes. */
@NullMarked
package io.bulwark.backup.tool;

import org.jspecify.annotations.NullMarked;
