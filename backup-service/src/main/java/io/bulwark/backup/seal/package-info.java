/** What only the holder of the key file can read: backups and the credentials of their sources. */
@NullMarked
package io.bulwark.backup.seal;

import org.jspecify.annotations.NullMarked;
