/** The S3-compatible object store. */
@NullMarked
package io.bulwark.backup.store;

import org.jspecify.annotations.NullMarked;
