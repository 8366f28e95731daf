/** Backups of registered databases: dumped, compressed, encrypted, stored, read back, recorded and told of. */
@NullMarked
package io.bulwark.backup;

import org.jspecify.annotations.NullMarked;
