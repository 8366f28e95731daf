package io.bulwark.backup.run;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What a worker has claimed.
 *
 * @param stored what is to be read back; null where the backup is still to be made
 */
record Job(
        UUID id, String source, String objectKey, @Nullable Stored stored) {
    static Job of(Backup backup) {
        return new Job(backup.id(), backup.source(), backup.objectKey(), backup.whatIsStored());
    }
}
