package io.bulwark.backup.schedule;

import java.time.Duration;
import java.time.Instant;

/**
 * When a source is due. It counts from when the last backup was asked for, whoever asked; after downtime there is one
 * backup, not one for each that was missed.
 *
 * @param retryAfter how soon after a failure, unless it is due sooner anyway
 */
record Cadence(Duration every, Duration retryAfter) {

    boolean isDue(Instant lastRequested, boolean lastFailed, Instant now) {
        var wait = lastFailed && retryAfter.compareTo(every) < 0 ? retryAfter : every;
        return !now.isBefore(lastRequested.plus(wait));
    }
}
