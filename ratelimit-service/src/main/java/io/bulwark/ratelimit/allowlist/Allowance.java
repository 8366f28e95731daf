package io.bulwark.ratelimit.allowlist;

import io.bulwark.kit.net.Network;
import io.bulwark.ratelimit.prefix.Scope;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Who is served whatever else is said.
 *
 * @param author a user or client id
 * @param until null for as long as nobody takes it back
 */
public record Allowance(
        UUID id,
        Network target,
        Scope scope,
        String reason,
        String author,
        Instant since,
        @Nullable Instant until) {
    boolean isOver(Instant now) {
        return until != null && !until.isAfter(now);
    }

    /** What it is called in events: an address and the endpoint, if it is for one. */
    String name() {
        return scope.endpoint() == null ? target.toString() : target + " " + scope.endpoint();
    }
}
