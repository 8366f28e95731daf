package io.bulwark.ratelimit.block;

import io.bulwark.kit.net.Network;
import io.bulwark.ratelimit.prefix.PrefixTable;
import io.bulwark.ratelimit.prefix.Scope;
import io.bulwark.ratelimit.prefix.ScopeNumbers;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.util.function.IntPredicate;
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

    private static final int ENDED = 0;

    private final PrefixTable bans = new PrefixTable();
    private final PrefixTable captchas = new PrefixTable();
    private final ScopeNumbers scopes = new ScopeNumbers();

    /**
     * Until when the address is refused: by the ban that lasts longest, where it is in several.
     *
     * @return milliseconds since 1970; {@link #NOT_BLOCKED} where it is not
     */
    public long blockedUntil(Network address, String application, @Nullable String endpoint, long nowMillis) {
        return latest(bans, address, application, endpoint, nowMillis);
    }

    /** The same for who may be let through after a captcha, where no ban refuses it. */
    public long challengedUntil(Network address, String application, @Nullable String endpoint, long nowMillis) {
        return latest(captchas, address, application, endpoint, nowMillis);
    }

    private long latest(
            PrefixTable table, Network address, String application, @Nullable String endpoint, long nowMillis) {
        var numbers = scopes.of(application);
        if (numbers == null) {
            return NOT_BLOCKED;
        }
        return table.latest(address, numbers.everything(), numbers.endpoint(endpoint), nowMillis);
    }

    /** Sets or ends a block, unless something newer is known of it. What was another remediation before is that no longer. */
    synchronized void put(Network target, Scope scope, Remediation remediation, Instant until, long version) {
        var number = scopes.number(scope);
        var its = remediation == Remediation.BAN ? bans : captchas;
        var other = remediation == Remediation.BAN ? captchas : bans;
        var before = other.version(target, number);
        if (before == PrefixTable.UNKNOWN) {
            its.put(target, number, until.toEpochMilli(), version);
        } else if (before < version) {
            its.put(target, number, until.toEpochMilli(), version); // first, so that it is never in neither
            other.put(target, number, ENDED, version);
        }
    }

    /** Forgets what ended a while ago. */
    void forgetEnded(Instant now) {
        var before = now.minus(REMEMBERED).toEpochMilli();
        bans.forgetEnded(before);
        captchas.forgetEnded(before);
    }

    /**
     * Blocks in force.
     *
     * @param application null for all of them together
     */
    int inForce(@Nullable String application, Instant now) {
        var numbers = application == null ? null : scopes.of(application);
        if (application != null && numbers == null) {
            return 0;
        }
        IntPredicate counted = numbers == null ? number -> true : numbers.all()::contains;
        return bans.holding(counted, now.toEpochMilli()) + captchas.holding(counted, now.toEpochMilli());
    }

    /** Entries held, ended ones among them. */
    int size() {
        return bans.size() + captchas.size();
    }
}
