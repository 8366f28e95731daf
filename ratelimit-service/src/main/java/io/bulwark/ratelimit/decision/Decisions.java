package io.bulwark.ratelimit.decision;

import io.bulwark.kit.net.Network;
import io.bulwark.ratelimit.allowlist.AllowTable;
import io.bulwark.ratelimit.block.BlockFeed;
import io.bulwark.ratelimit.block.BlockTable;
import io.bulwark.ratelimit.blocklist.BlocklistTable;
import io.bulwark.ratelimit.geo.GeoTable;
import io.bulwark.ratelimit.limit.Claims;
import io.bulwark.ratelimit.limit.Limits;
import io.bulwark.ratelimit.policy.Descriptors;
import io.bulwark.ratelimit.policy.EndpointPolicy;
import io.bulwark.ratelimit.policy.PolicyTable;
import io.bulwark.ratelimit.posture.Posture;
import io.bulwark.ratelimit.posture.PostureMode;
import io.bulwark.ratelimit.posture.PostureTable;
import io.bulwark.ratelimit.rule.RuleFeed;
import jakarta.inject.Singleton;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/** Decides from memory: no database, no network, and no lock for longer than a few dozen nanoseconds. */
@Singleton
public class Decisions {
    private static final long SECOND = 1_000;

    /** When to come back where nobody said how long it will take. */
    private static final long OPEN_END_SECONDS = 300;

    private static final ThreadLocal<Claims> CLAIMS = ThreadLocal.withInitial(Claims::new);

    private final RuleFeed rules;
    private final BlockFeed feed;
    private final AllowTable allowlist;
    private final PostureTable postures;
    private final BlockTable blocks;
    private final BlocklistTable lists;
    private final GeoTable geo;
    private final PolicyTable policies;
    private final Limits limits;
    private final OverLimit overLimit;
    private final RefusedClients refused;
    private final DecisionCounters counters;
    private final InstantSource clock;

    Decisions(
            RuleFeed rules,
            BlockFeed feed,
            AllowTable allowlist,
            PostureTable postures,
            BlockTable blocks,
            BlocklistTable lists,
            GeoTable geo,
            PolicyTable policies,
            Limits limits,
            OverLimit overLimit,
            RefusedClients refused,
            DecisionCounters counters,
            InstantSource clock) {
        this.rules = rules;
        this.feed = feed;
        this.allowlist = allowlist;
        this.postures = postures;
        this.blocks = blocks;
        this.lists = lists;
        this.geo = geo;
        this.policies = policies;
        this.limits = limits;
        this.overLimit = overLimit;
        this.refused = refused;
        this.counters = counters;
        this.clock = clock;
    }

    /** False until every block and every rule is known: until then nobody may be let through. */
    public boolean isReady() {
        return feed.isLoaded() && rules.isLoaded();
    }

    /** Decides about a request of which only the address is known, and counts it. */
    public Decision decide(Network client, String application, @Nullable String endpoint) {
        return decide(new Question(client, application, endpoint, Question.USUAL_COST, Descriptors.NONE, false));
    }

    /** Decides, consumes from all limits of the request or from none, and counts what it came to. */
    public Decision decide(Question question) {
        var now = clock.millis();
        var posture = postures.find(question.application(), now);
        var decision = settled(question, posture, now);
        if (decision == null) {
            decision = limited(question, posture);
        }
        count(question, decision.outcome());
        return decision.referring(question, now);
    }

    private void count(Question question, Outcome outcome) {
        if (question.cost() == 0) {
            counters.count(outcome);
        } else {
            counters.count(question.application(), question.endpoint(), outcome);
        }
    }

    /**
     * Whether the client may ask at all, whatever the limits say; neither consumes nor counts.
     *
     * @return allowed where it is on the allowlist; null where the limits decide
     */
    public @Nullable Decision screen(Network client, String application, @Nullable String endpoint) {
        var now = clock.millis();
        var question = new Question(client, application, endpoint, 0, Descriptors.NONE, false);
        var decision = settled(question, postures.find(application, now), now);
        return decision == null ? null : decision.referring(question, now);
    }

    /** What all are told who are neither on the allowlist nor known; null while the application is open to them. */
    public @Nullable Decision closed(String application) {
        var now = clock.millis();
        var posture = postures.find(application, now);
        if (posture == null) {
            return null;
        }
        return switch (posture.mode()) {
            case MAINTENANCE -> closed(Outcome.MAINTENANCE, posture, now);
            case LOCKDOWN -> closed(Outcome.LOCKDOWN, posture, now);
            case NORMAL, ELEVATED -> null;
        };
    }

    /** How much there is of every limit of the application: 1 as usual, less while its posture is elevated. */
    public double factor(String application) {
        var posture = postures.find(application, clock.millis());
        return posture == null ? 1 : posture.factor();
    }

    /** What is decided whatever was asked before; null where the limits decide. */
    private @Nullable Decision settled(Question question, @Nullable Posture posture, long now) {
        var client = question.client();
        var application = question.application();
        var endpoint = question.endpoint();
        if (!isReady()) {
            return Decision.undecided(policies.failMode(application, endpoint));
        }
        if (allowlist.allows(client, application, endpoint, now)) {
            return Decision.ALLOWED;
        }
        if (posture != null && posture.mode() == PostureMode.MAINTENANCE) {
            return closed(Outcome.MAINTENANCE, posture, now);
        }
        var until = refusedUntil(client, application, endpoint, now);
        if (until != BlockTable.NOT_BLOCKED) {
            return Decision.refused(
                    Outcome.BLOCKED, until == GeoTable.FOR_GOOD ? 0 : Math.ceilDiv(until - now, SECOND));
        }
        if (posture != null && posture.mode() == PostureMode.LOCKDOWN && !question.authenticated()) {
            return closed(Outcome.LOCKDOWN, posture, now);
        }
        var challenged = blocks.challengedUntil(client, application, endpoint, now);
        return challenged == BlockTable.NOT_BLOCKED
                ? null
                : Decision.refused(Outcome.CHALLENGED, Math.ceilDiv(challenged - now, SECOND));
    }

    /** By a block, by a list, or for where the client is: the cheapest first. */
    private long refusedUntil(Network client, String application, @Nullable String endpoint, long now) {
        var blocked = blocks.blockedUntil(client, application, endpoint, now);
        var listed = blocked == BlockTable.NOT_BLOCKED ? lists.listedUntil(client, application, now) : blocked;
        return listed == BlocklistTable.NOT_LISTED ? geo.refusedUntil(client, application, endpoint, now) : listed;
    }

    private static Decision closed(Outcome outcome, Posture posture, long now) {
        var until = posture.until();
        var retry = until == null ? OPEN_END_SECONDS : Math.ceilDiv(until.toEpochMilli() - now, SECOND);
        return new Decision(outcome, retry, null, null, posture.statusPage(), null);
    }

    private Decision limited(Question question, @Nullable Posture posture) {
        var policy = policies.find(question.application(), question.endpoint());
        if (policy == null) {
            return Decision.ALLOWED;
        }
        return limited(question, posture == null ? policy : policy.times(posture.factor()));
    }

    private Decision limited(Question question, EndpointPolicy policy) {
        var claims = CLAIMS.get();
        claims.clear();
        policy.claim(claims, limits, question.client(), question.request(), question.cost());
        var admitted = limits.consume(claims);
        if (!admitted) {
            overLimit.report(question.client(), policy, claims);
            refused.report(question, policy, claims);
        }
        return Standing.decision(policy, claims, admitted);
    }
}
