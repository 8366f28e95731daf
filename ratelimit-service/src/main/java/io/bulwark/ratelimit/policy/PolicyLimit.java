package io.bulwark.ratelimit.policy;

import io.bulwark.kit.net.Network;
import io.bulwark.ratelimit.limit.Claims;
import io.bulwark.ratelimit.limit.Limit;
import io.bulwark.ratelimit.limit.LimitTallies;
import io.bulwark.ratelimit.limit.Limits;
import io.bulwark.ratelimit.limit.Resets;
import io.bulwark.ratelimit.policy.CountedBy.Place;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** One limit of a policy, ready to count. */
final class PolicyLimit {
    /**
     * So many times the limit of a /64 are allowed to the /48 around it: a site has 65,536 of them, and who rotates through
     * them is met there.
     */
    static final int SITE_SHARE = 16;

    /** What tells the tally of a site from its addresses': no limit can be named so. */
    private static final String SITE = "/48";

    /** Stands for the address of a request where a limit does not count by it. */
    private static final Network NOWHERE = Network.parse("0.0.0.0");

    private final LimitRule rule;
    private final CountedBy countedBy;
    private final Limit limit;
    private final CountedBy siteCountedBy;
    private final @Nullable Limit site;

    /** @param factor above 0; how much of it there is */
    PolicyLimit(String application, String endpoint, LimitRule rule, double factor, LimitTallies tallies) {
        this.rule = rule;
        this.countedBy = rule.countedBy();
        this.limit = rule.limit(Limit.idOf("policy", application, endpoint, rule.name()), factor);
        this.siteCountedBy = countedBy.by(Place.NETWORK);
        this.site = countedBy.place() == Place.ADDRESS
                ? rule.wide(Limit.idOf("policy", application, endpoint, rule.name(), "site"), SITE_SHARE, factor)
                : null;
        limit.tally(tallies.ofPolicy(application, endpoint, rule.name()));
        if (site != null) {
            site.tally(tallies.ofPolicy(application, endpoint, rule.name() + SITE));
        }
    }

    Limit limit() {
        return limit;
    }

    /** Whether it counts each address for itself; the site around it, that of all its neighbours. */
    boolean isOfAddress() {
        return countedBy.place() == Place.ADDRESS;
    }

    /** @param cost of the request; negative where it does not say */
    void claim(Claims claims, Limits limits, Network client, Descriptors request, long cost) {
        var charge = cost < 0 ? rule.usualCost() : cost;
        claims.add(limit, countedBy.key(limits, limit, client, request), charge);
        if (site != null && client.isIpv6()) {
            claims.add(site, siteCountedBy.key(limits, site, client, request), charge);
        }
    }

    /** What is left of it to an address, and of the site around it. */
    Stream<LimitState> states(String endpoint, Limits limits, Network client) {
        var claims = new Claims();
        claim(claims, limits, client, Descriptors.NONE, 0);
        limits.consume(claims);
        return IntStream.range(0, claims.size())
                .mapToObj(claims::get)
                .map(claim -> new LimitState(
                        endpoint,
                        rule.name(),
                        claim.limit().quota(),
                        claim.remaining(),
                        Math.ceilDiv(claim.resetNanos(), TimeUnit.SECONDS.toNanos(1)),
                        rule.shadow(),
                        claim.remaining() < rule.usualCost()));
    }

    /**
     * Gives the whole limit again, where it counts by no more than this.
     *
     * @param client null where no address is known
     * @return whether it does
     */
    boolean reset(Limits limits, Resets resets, @Nullable Network client, Descriptors request) {
        if (!countedBy.isTold(client != null, request)) {
            return false;
        }
        var place = client == null ? NOWHERE : client;
        resets.reset(limit, countedBy.key(limits, limit, place, request));
        if (site != null && place.isIpv6()) {
            resets.reset(site, siteCountedBy.key(limits, site, place, request));
        }
        return true;
    }
}
