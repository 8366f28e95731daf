package io.bulwark.events;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What became of a backup, keyed by the name of its source. */
public sealed interface BackupEvent extends SuiteEvent {
    String backupId();

    /** The registered database. */
    String source();

    @Override
    default Topic topic() {
        return Topic.BACKUPS;
    }

    @Override
    default String key() {
        return source();
    }

    /**
     * Stored, and verified by reading it back.
     *
     * @param size of the stored object, in bytes
     * @param sha256 of the stored object, in hex
     */
    @EventType("io.bulwark.backup.completed.v1")
    record BackupCompleted(String backupId, String source, long size, String sha256, Duration duration, String location)
            implements BackupEvent {
        public BackupCompleted {
            requireNonNull(backupId, "backupId");
            requireNonNull(source, "source");
            requireNonNull(sha256, "sha256");
            requireNonNull(duration, "duration");
            requireNonNull(location, "location");
        }
    }

    /** @param step where it failed: dump, store or verify */
    @EventType("io.bulwark.backup.failed.v1")
    record BackupFailed(
            String backupId, String source, @Nullable String step, String reason) implements BackupEvent {
        public BackupFailed {
            requireNonNull(backupId, "backupId");
            requireNonNull(source, "source");
            requireNonNull(reason, "reason");
        }
    }
}
