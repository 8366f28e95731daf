package io.bulwark.ratelimit.signin;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.bulwark.kit.net.Network;
import io.bulwark.kit.page.TimePosition;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A block in force that stands in the way of somebody legitimate.
 *
 * @param id unblocks by {@code DELETE /api/v1/blocks/{id}}
 * @param accounts that signed in from there well before the attack; 1,000 at most
 * @param signIns of those accounts from there
 * @param lastSignInAt the latest of them
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record LegitimateBlock(
        UUID id,
        Network target,
        String application,
        @Nullable String endpoint,
        String reason,
        @Nullable String policy,
        Instant blockedAt,
        Instant until,
        int accounts,
        long signIns,
        Instant lastSignInAt) {
    TimePosition position() {
        return new TimePosition(blockedAt, id);
    }
}
