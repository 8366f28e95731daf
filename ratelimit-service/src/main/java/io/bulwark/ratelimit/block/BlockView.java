package io.bulwark.ratelimit.block;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.bulwark.kit.net.Network;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A block, in force or ended.
 *
 * @param offences which block in a row this is of the place: why an automatic one lasts as long as it does
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record BlockView(
        UUID id,
        Network target,
        String application,
        @Nullable String endpoint,
        String reason,
        @Nullable String policy,
        String author,
        Remediation remediation,
        int offences,
        Instant blockedAt,
        Instant until,
        boolean active,
        @Nullable Instant endedAt,
        @Nullable String endedBy,
        long version) {
    static BlockView of(Block block, Instant now) {
        return new BlockView(
                block.id(),
                block.target(),
                block.application(),
                block.endpoint(),
                block.reason(),
                block.policy(),
                block.author(),
                block.remediation(),
                block.offences(),
                block.blockedAt(),
                block.until(),
                block.isInForce(now),
                block.endedAt(),
                block.endedBy(),
                block.version());
    }
}
