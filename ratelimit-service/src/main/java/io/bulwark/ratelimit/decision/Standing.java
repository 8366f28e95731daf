package io.bulwark.ratelimit.decision;

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
    private static final int NONE = -1;
    private static final long SECOND_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** Of the limits that do not only count. */
    static Decision decision(EndpointPolicy policy, Claims claims, boolean admitted) {
        var closest = NONE;
        for (var i = 0; i < claims.size(); i++) {
            if (!claims.limit(i).shadow() && (closest == NONE || isCloser(claims, i, closest, admitted))) {
                closest = i;
            }
        }
        if (closest == NONE) {
            return Decision.ALLOWED;
        }
        var limit = claims.limit(closest);
        if (admitted) {
            var reset = seconds(claims.resetNanos(closest));
            return new Decision(
                    Outcome.ALLOWED,
                    0,
                    new Standing(policy, limit, claims.remaining(closest), reset, List.of()),
                    null,
                    null,
                    null);
        }
        var nanos = claims.retryNanos(closest);
        var retry = nanos == Claims.NEVER ? 0 : Math.max(1, seconds(nanos));
        var standing = new Standing(
                policy, limit, 0, nanos == Claims.NEVER ? seconds(limit.windowNanos()) : retry, violated(claims));
        return new Decision(Outcome.LIMITED, retry, standing, null, null, null);
    }

    /** The same, whose reset is the moment that {@code Retry-After} names. */
    Standing spread(int client) {
        return new Standing(policy, limit, remaining, Decision.spread(resetSeconds, client), violated);
    }

    private static boolean isCloser(Claims claims, int i, int closest, boolean admitted) {
        return admitted
                ? claims.remaining(i) < claims.remaining(closest)
                : claims.retryNanos(i) > claims.retryNanos(closest);
    }

    private static List<String> violated(Claims claims) {
        var names = new ArrayList<String>(1);
        for (var i = 0; i < claims.size(); i++) {
            var name = claims.limit(i).name();
            if (claims.isOver(i) && !claims.limit(i).shadow() && !names.contains(name)) {
                names.add(name);
            }
        }
        return names;
    }

    private static long seconds(long nanos) {
        return Math.ceilDiv(nanos, SECOND_NANOS);
    }
}
