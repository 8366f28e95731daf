package io.bulwark.ratelimit.blocklist;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A list that is subscribed to.
 *
 * @param version of the settings; higher with every change
 * @param progress what became of fetching it
 */
record Blocklist(
        String application,
        String name,
        BlocklistSettings settings,
        long version,
        Instant changedAt,
        String changedBy,
        Progress progress) {

    /** Until when its entries hold, where nothing newer is fetched; null where there are none. */
    @Nullable
    Instant staleAt() {
        var fetchedAt = progress.fetchedAt();
        return fetchedAt == null ? null : fetchedAt.plus(settings.expiry());
    }

    /**
     * What became of fetching a list.
     *
     * @param refused lines that name no network, or one that must not be blocked
     * @param sha256 of what it holds, in hex; null where it holds nothing
     * @param etag what its source calls this state of it
     * @param fetchedAt when its source last said that this is the list
     * @param failure of the last attempt; null where it succeeded
     * @param failures in a row
     */
    record Progress(
            int entries,
            int refused,
            @Nullable String sha256,
            @Nullable String etag,
            @Nullable String lastModified,
            @Nullable Instant fetchedAt,
            @Nullable Instant attemptedAt,
            Instant nextAt,
            @Nullable String failure,
            int failures) {}
}
