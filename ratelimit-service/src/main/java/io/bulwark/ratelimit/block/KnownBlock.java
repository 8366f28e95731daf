package io.bulwark.ratelimit.block;

import io.bulwark.kit.net.Network;
import io.bulwark.ratelimit.prefix.Scope;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The newest that a replica knows of a block.
 *
 * @param reason of the block; of its end where it has ended
 * @param policy the detection policy that decided; null where a person did, or where it has ended
 * @param remediation of the block; a ban where it has ended
 * @param until its end, past where it was ended early
 * @param version a lower one is older news
 */
public record KnownBlock(
        Network target,
        Scope scope,
        String reason,
        @Nullable String policy,
        Remediation remediation,
        Instant until,
        long version) {}
