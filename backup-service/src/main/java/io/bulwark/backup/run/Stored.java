package io.bulwark.backup.run;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What was written to the store.
 *
 * @param toolVersion of the pg_dump that made it
 * @param snapshotAt no change committed before it is missing
 * @param size of the object, in bytes
 * @param dumpSize of the dump before compression, in bytes
 * @param sha256 of the object, in hex
 */
record Stored(@Nullable String toolVersion, @Nullable Instant snapshotAt, long size, long dumpSize, String sha256) {}
