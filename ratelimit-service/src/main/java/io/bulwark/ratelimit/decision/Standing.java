package io.bulwark.ratelimit.decision;

import io.bulwark.ratelimit.limit.Claim;
import io.bulwark.ratelimit.limit.Claims;
import io.bulwark.ratelimit.limit.Limit;
import io.bulwark.ratelimit.policy.EndpointPolicy;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * How much is left of a limit.
 *
 * @param policy the policy that it belongs to
 * @param limit the one that refuses for longest, or that is closest to refusing
 * @param resetSeconds until all of it is there again; until as much as was asked for, where it refuses
 * @param violated the limits that refuse, by name
 */
public record Standing(EndpointPolicy policy, Limit limit, long remaining, long resetSeconds, List<String> violated) {
    private static final long SECOND_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** Of the limits that do not only count. */
    static Decision decision(EndpointPolicy policy, Claims claims, boolean admitted) {
        Claim closest = null;
        for (var i = 0; i < claims.size(); i++) {
            var claim = claims.get(i);
            if (!claim.limit().shadow() && (closest == null || isCloser(claim, closest, admitted))) {
                closest = claim;
            }
        }
        if (closest == null) {
            return Decision.ALLOWED;
        }
        var limit = closest.limit();
        if (admitted) {
            var standing = new Standing(policy, limit, closest.remaining(), seconds(closest.resetNanos()), List.of());
            return new Decision(Outcome.ALLOWED, 0, standing, null, null, null);
        }
        var nanos = closest.retryNanos();
        var retry = nanos == Claim.NEVER ? 0 : Math.max(1, seconds(nanos));
        var reset = nanos == Claim.NEVER ? seconds(limit.windowNanos()) : retry;
        var standing = new Standing(policy, limit, 0, reset, violated(claims));
        return new Decision(Outcome.LIMITED, retry, standing, null, null, null);
    }

    /** The same, whose reset is the moment that {@code Retry-After} names. */
    Standing spread(int client) {
        return new Standing(policy, limit, remaining, Decision.spread(resetSeconds, client), violated);
    }

    private static boolean isCloser(Claim claim, Claim other, boolean admitted) {
        return admitted ? claim.remaining() < other.remaining() : claim.retryNanos() > other.retryNanos();
    }

    private static List<String> violated(Claims claims) {
        var names = new ArrayList<String>(1);
        for (var i = 0; i < claims.size(); i++) {
            var claim = claims.get(i);
            var limit = claim.limit();
            if (claim.isOver() && !limit.shadow() && !names.contains(limit.name())) {
                names.add(limit.name());
            }
        }
        return names;
    }

    private static long seconds(long nanos) {
        return Math.ceilDiv(nanos, SECOND_NANOS);
    }
}
