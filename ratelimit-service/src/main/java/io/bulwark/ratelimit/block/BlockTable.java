package io.bulwark.ratelimit.block;

import io.bulwark.kit.net.Network;
import io.bulwark.ratelimit.prefix.PrefixTable;
import io.bulwark.ratelimit.prefix.Scope;
import io.bulwark.ratelimit.prefix.ScopeNumbers;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Every block, in memory, for decisions. A lookup allocates nothing and takes no lock. Entries expire by the clock, whether
 * or not somebody has told of it.
 */
@Singleton
public class BlockTable {
    /** What {@link #blockedUntil} says of somebody who is not blocked. */
    public static final long NOT_BLOCKED = PrefixTable.NONE;

    /** An ended entry stays so long, and with it its version: what was written before may still come. */
    static final Duration REMEMBERED = Duration.ofMinutes(10);

    private final PrefixTable table = new PrefixTable();
    private final ScopeNumbers scopes = new ScopeNumbers();

    /**
     * Until when the address is refused: by the block that lasts longest, where it is in several.
     *
     * @return milliseconds since 1970; {@link #NOT_BLOCKED} where it is not
     */
    public long blockedUntil(Network address, String application, @Nullable String endpoint, long nowMillis) {
        var numbers = scopes.of(application);
        if (numbers == null) {
            return NOT_BLOCKED;
        }
        return table.latest(address, numbers.everything(), numbers.endpoint(endpoint), nowMillis);
    }

    /** Sets or ends a block, unless something newer is known of it. */
    void put(Network target, Scope scope, Instant until, long version) {
        table.put(target, scopes.number(scope), until.toEpochMilli(), version);
    }

    /** Forgets what ended a while ago. */
    void forgetEnded(Instant now) {
        table.forgetEnded(now.minus(REMEMBERED).toEpochMilli());
    }

    /** Blocks in force. */
    int inForce(Instant now) {
        return table.holding(now.toEpochMilli());
    }

    /** Entries held, ended ones among them. */
    int size() {
        return table.size();
    }
}
