package io.bulwark.ratelimit.policy;

import static java.util.stream.Collectors.joining;
import static java.util.stream.Collectors.toUnmodifiableSet;

import io.bulwark.kit.net.Network;
import io.bulwark.ratelimit.limit.Claims;
import io.bulwark.ratelimit.limit.Limit;
import io.bulwark.ratelimit.limit.LimitTallies;
import io.bulwark.ratelimit.limit.Limits;
import io.bulwark.ratelimit.limit.Resets;
import io.bulwark.ratelimit.prefix.Scope;
import io.netty.util.AsciiString;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The limits of one policy, ready to count. */
public final class EndpointPolicy {
    private final String application;
    private final String endpoint;
    private final PolicyRule rule;
    private final LimitTallies tallies;
    private final List<PolicyLimit> limits;
    private final Set<Limit> ofAddress;
    private final AsciiString field;
    private volatile @Nullable Stricter stricter;

    private record Stricter(double factor, EndpointPolicy policy) {}

    EndpointPolicy(String application, String endpoint, PolicyRule rule, LimitTallies tallies) {
        this(application, endpoint, rule, 1, tallies);
    }

    private EndpointPolicy(String application, String endpoint, PolicyRule rule, double factor, LimitTallies tallies) {
        this.application = application;
        this.endpoint = endpoint;
        this.rule = rule;
        this.tallies = tallies;
        this.limits = rule.limits().stream()
                .map(limit -> new PolicyLimit(application, endpoint, limit, factor, tallies))
                .toList();
        this.ofAddress = limits.stream()
                .filter(PolicyLimit::isOfAddress)
                .map(PolicyLimit::limit)
                .collect(toUnmodifiableSet());
        this.field = new AsciiString(limits.stream()
                .map(PolicyLimit::limit)
                .filter(limit -> !limit.shadow())
                .map(EndpointPolicy::item)
                .collect(joining(", ")));
    }

    Stream<Limit> limits() {
        return limits.stream().map(PolicyLimit::limit);
    }

    /**
     * Where those are blocked who go over: at the endpoint; by the policy for any, at every one of the application, also at
     * those that have a policy of their own.
     */
    public Scope scope() {
        return new Scope(application, endpoint.equals(Policy.ANY_ENDPOINT) ? null : endpoint);
    }

    /** What befalls who goes over; null for nothing but being refused. */
    public @Nullable OnExceed onExceed() {
        return rule.onExceed();
    }

    /** Whether it counts nobody but the address that asks. Of a wider one that is over, its neighbours may have had it all. */
    public boolean isOfAddress(Limit limit) {
        return ofAddress.contains(limit);
    }

    /** Null where the gateway's registration says. */
    public @Nullable FailMode failMode() {
        return rule.failMode();
    }

    /** What {@code RateLimit-Policy} says (draft-ietf-httpapi-ratelimit-headers-11, section 3); empty where all is in shadow. */
    public CharSequence field() {
        return field;
    }

    /**
     * The same, with so much of every limit; what is counted goes on.
     *
     * @param factor above 0
     */
    public EndpointPolicy times(double factor) {
        if (factor == 1) {
            return this;
        }
        var known = stricter;
        if (known == null || known.factor() != factor) {
            known = new Stricter(factor, new EndpointPolicy(application, endpoint, rule, factor, tallies));
            stricter = known;
        }
        return known.policy();
    }

    /**
     * Adds what the request asks of each limit.
     *
     * @param cost 0 only looks; negative where the request does not say, and the limits do
     */
    public void claim(Claims claims, Limits counted, Network client, Descriptors request, long cost) {
        for (var i = 0; i < limits.size(); i++) {
            limits.get(i).claim(claims, counted, client, request, cost);
        }
    }

    /** What is left to the client; of the wide limits around it too. */
    Stream<LimitState> states(Limits counted, Network client) {
        return limits.stream().flatMap(limit -> limit.states(endpoint, counted, client));
    }

    /** As {@link PolicyTable#reset}, of this endpoint. */
    Stream<GivenBack> reset(Limits counted, Resets resets, @Nullable Network client, Descriptors request) {
        return limits.stream()
                .filter(limit -> limit.reset(counted, resets, client, request))
                .map(limit -> new GivenBack(endpoint, limit.limit().name()));
    }

    private static String item(Limit limit) {
        var seconds = Math.max(1, Math.ceilDiv(limit.windowNanos(), TimeUnit.SECONDS.toNanos(1)));
        return '"' + limit.name() + "\";q=" + limit.quota() + ";w=" + seconds;
    }
}
