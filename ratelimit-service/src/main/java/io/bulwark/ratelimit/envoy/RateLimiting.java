package io.bulwark.ratelimit.envoy;

import io.bulwark.kit.net.Network;
import io.bulwark.ratelimit.decision.Decision;
import io.bulwark.ratelimit.decision.DecisionCounters;
import io.bulwark.ratelimit.decision.Decisions;
import io.bulwark.ratelimit.decision.Outcome;
import io.bulwark.ratelimit.decision.Reference;
import io.bulwark.ratelimit.decision.Refusal;
import io.bulwark.ratelimit.decision.RefusedClients;
import io.bulwark.ratelimit.envoy.DescriptorTree.Match;
import io.bulwark.ratelimit.envoy.RateLimitReply.Current;
import io.bulwark.ratelimit.envoy.RateLimitReply.Status;
import io.bulwark.ratelimit.gateway.GatewayProfile;
import io.bulwark.ratelimit.limit.Claim;
import io.bulwark.ratelimit.limit.Claims;
import io.bulwark.ratelimit.limit.Limits;
import io.bulwark.ratelimit.prefix.Scope;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.function.BooleanSupplier;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/** Answers {@code ShouldRateLimit}: allowances and blocks first, then all limits of the request or none, but for what is owed. */
@Singleton
class RateLimiting {
    private static final long SECOND_NANOS = 1_000_000_000L;
    private static final ThreadLocal<Claims> CLAIMS = ThreadLocal.withInitial(Claims::new);

    private final Matching matching;
    private final Limits limits;
    private final Screening screening;
    private final BooleanSupplier ready;
    private final BiConsumer<String, Outcome> counters;
    private final BiConsumer<Network, Scope> refusedClients;
    private final InstantSource clock;

    @Inject
    RateLimiting(
            DomainTable domains,
            Limits limits,
            Decisions decisions,
            DecisionCounters counters,
            RefusedClients refused,
            InstantSource clock) {
        this(
                domains::find,
                limits,
                new Screening((client, application) -> decisions.screen(client, application, null), decisions::closed),
                decisions::factor,
                decisions::isReady,
                (application, outcome) -> counters.count(application, null, outcome),
                refused::report,
                clock);
    }

    /**
     * @param domains of an application, by name; null where one has no limits
     * @param factors of an application: how much there is of its limits
     * @param refusedClients hears of whoever has used up a limit of its own
     */
    RateLimiting(
            BiFunction<String, String, @Nullable DescriptorTree> domains,
            Limits limits,
            Screening screening,
            ToDoubleFunction<String> factors,
            BooleanSupplier ready,
            BiConsumer<String, Outcome> counters,
            BiConsumer<Network, Scope> refusedClients,
            InstantSource clock) {
        this.matching = new Matching(domains, factors);
        this.limits = limits;
        this.screening = screening;
        this.ready = ready;
        this.counters = counters;
        this.refusedClients = refusedClients;
        this.clock = clock;
    }

    /** False until every block is known. */
    boolean isReady() {
        return ready.getAsBoolean();
    }

    /**
     * As {@link #answer(String, RateLimitQuery)}, but never about the gateway itself.
     *
     * @throws GrpcRefusal where a {@code remote_address} is one that its registration calls its own, too
     */
    RateLimitReply answer(GatewayProfile gateway, RateLimitQuery query) {
        if (!gateway.ownAddresses().isEmpty()
                && query.descriptors().stream()
                        .flatMap(descriptor -> descriptor.entries().stream())
                        .anyMatch(entry -> entry.isRemote() && gateway.owns(entry.client()))) {
            counters.accept(gateway.application(), Outcome.NO_CLIENT_ADDRESS);
            throw new GrpcRefusal(
                    GrpcRefusal.INVALID_ARGUMENT, "a remote_address is the gateway's own, and not its client's");
        }
        return answer(gateway.application(), query);
    }

    /**
     * Decides, and consumes where the request is admitted.
     *
     * @throws GrpcRefusal where there is no answer; never an answer that Envoy would take for permission
     */
    RateLimitReply answer(String application, RateLimitQuery query) {
        if (!isReady()) {
            counters.accept(application, Outcome.UNAVAILABLE);
            throw new GrpcRefusal(GrpcRefusal.UNAVAILABLE, "the blocks are not loaded yet");
        }
        if (query.domain().isEmpty()) {
            throw new GrpcRefusal(GrpcRefusal.UNKNOWN, "rate limit domain must not be empty");
        }
        if (query.descriptors().isEmpty()) {
            throw new GrpcRefusal(GrpcRefusal.UNKNOWN, "rate limit descriptor list must not be empty");
        }
        if (query.descriptors().size() > Claims.MOST) {
            throw new GrpcRefusal(GrpcRefusal.INVALID_ARGUMENT, "at most " + Claims.MOST + " descriptors");
        }
        var screened = screening.of(application, query);
        if (screened.decision() != null) {
            counters.accept(application, screened.decision().outcome());
            return reply(query, screened.decision(), screened.refusals());
        }
        var decided = decided(application, query, matching.of(application, query));
        counters.accept(application, decided.over() ? Outcome.LIMITED : Outcome.ALLOWED);
        return decided;
    }

    private RateLimitReply decided(String application, RateLimitQuery query, List<@Nullable Match> matches) {
        var claims = CLAIMS.get();
        claims.clear();
        for (var i = 0; i < matches.size(); i++) {
            var match = matches.get(i);
            if (match != null && match.rule().limit() != null) {
                var descriptor = query.descriptors().get(i);
                claim(claims, match, query.cost(descriptor), descriptor.hitsAddend() != null);
            }
        }
        var admitted = limits.consume(claims);
        var statuses = new ArrayList<Status>(matches.size());
        var claim = 0;
        for (var match : matches) {
            if (match == null || match.equals(Matching.UNRULED)) {
                statuses.add(Status.UNRULED);
            } else if (match.rule().limit() == null) {
                statuses.add(Status.UNLIMITED);
            } else {
                statuses.add(status(match.rule(), claims.get(claim)));
                claim++;
            }
        }
        if (admitted) {
            return new RateLimitReply(statuses, null);
        }
        var scope = Scope.everything(application);
        reportRefused(scope, query, matches, statuses);
        var retrySeconds =
                Decision.spread(retrySeconds(claims), query.descriptors().hashCode());
        var limited = new Decision(Outcome.LIMITED, retrySeconds, null, null, null, reference(scope, query.client()));
        return new RateLimitReply(statuses, Refusal.of(limited, violated(matches, statuses)));
    }

    /** Whom a limit of its own address refuses; for what its neighbours have used up nobody is to blame. */
    private void reportRefused(
            Scope scope, RateLimitQuery query, List<@Nullable Match> matches, List<Status> statuses) {
        for (var i = 0; i < statuses.size(); i++) {
            var match = statuses.get(i).over() ? matches.get(i) : null;
            var address = match == null ? null : query.descriptors().get(i).address();
            var client = address == null || !match.isApart(address) ? null : address.client();
            if (client != null) {
                refusedClients.accept(client, scope);
                return;
            }
        }
    }

    private @Nullable Reference reference(Scope scope, @Nullable Network client) {
        return client == null
                ? null
                : new Reference(Outcome.LIMITED, Instant.ofEpochMilli(clock.millis()), client, scope);
    }

    private static List<String> violated(List<@Nullable Match> matches, List<Status> statuses) {
        var violated = new ArrayList<String>(1);
        for (var i = 0; i < statuses.size(); i++) {
            var match = statuses.get(i).over() ? matches.get(i) : null;
            if (match != null && !violated.contains(match.rule().shown())) {
                violated.add(match.rule().shown());
            }
        }
        return violated;
    }

    /** Until none would refuse, and of quotas, which refuse together, until the first would not; 0 where that is never. */
    private static long retrySeconds(Claims claims) {
        var limitNanos = 0L;
        var quotaNanos = -1L;
        for (var i = 0; i < claims.size(); i++) {
            var claim = claims.get(i);
            var nanos = claim.limit().shadow() ? 0 : claim.retryNanos();
            if (claim.isLenient()) {
                quotaNanos = quotaNanos < 0 ? nanos : Math.min(quotaNanos, nanos);
            } else {
                limitNanos = Math.max(limitNanos, nanos);
            }
        }
        var nanos = Math.max(limitNanos, quotaNanos);
        return nanos == Claim.NEVER ? 0 : seconds(nanos);
    }

    /** @param owed where the descriptor says it: that may be what a response has cost, which was served whatever is left now */
    private void claim(Claims claims, Match match, long cost, boolean owed) {
        var limit = match.rule().limit();
        var key = limits.key(limit, match.counted());
        var claim = claims.add(limit, key, cost);
        if (owed) {
            claim.owe();
        }
        if (match.rule().quota()) {
            claim.beLenient();
        }
    }

    private static Status status(DescriptorRule rule, Claim claim) {
        var limit = claim.limit();
        var unit = rule.unit();
        var current = new Current(limit.quota(), unit == null ? 0 : unit.number(), rule.name());
        return new Status(
                claim.isOver() && !limit.shadow(),
                current,
                claim.isOver() ? 0 : claim.remaining(),
                seconds(claim.resetNanos()));
    }

    /** Whatever the limits say. */
    private static RateLimitReply reply(RateLimitQuery query, Decision decision, List<@Nullable Decision> refusals) {
        if (decision.allowed()) {
            var statuses = Collections.nCopies(query.descriptors().size(), Status.UNRULED);
            return new RateLimitReply(statuses, null);
        }
        var statuses = new ArrayList<Status>(refusals.size());
        for (var refusal : refusals) {
            statuses.add(
                    refusal == null
                            ? Status.UNRULED
                            : new Status(true, new Current(0, 0, "blocked"), 0, refusal.retryAfterSeconds()));
        }
        return new RateLimitReply(statuses, Refusal.of(decision));
    }

    private static long seconds(long nanos) {
        return Math.ceilDiv(nanos, SECOND_NANOS);
    }
}
