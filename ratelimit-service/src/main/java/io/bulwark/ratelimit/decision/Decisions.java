package io.bulwark.ratelimit.decision;

import io.bulwark.kit.net.Network;
import io.bulwark.ratelimit.block.BlockFeed;
import io.bulwark.ratelimit.block.BlockTable;
import io.bulwark.ratelimit.blocklist.BlocklistTable;
import io.bulwark.ratelimit.limit.Claims;
import io.bulwark.ratelimit.limit.Limits;
import io.bulwark.ratelimit.policy.Descriptors;
import io.bulwark.ratelimit.policy.EndpointPolicy;
import io.bulwark.ratelimit.policy.PolicyTable;
import io.bulwark.ratelimit.rule.RuleFeed;
import jakarta.inject.Singleton;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/** Decides from memory: no database, no network, and no lock for longer than a few dozen nanoseconds. */
@Singleton
public class Decisions {
    private static final long SECOND = 1_000;
    private static final ThreadLocal<Claims> CLAIMS = ThreadLocal.withInitial(Claims::new);

    private final RuleFeed rules;
    private final BlockFeed feed;
    private final BlockTable blocks;
    private final BlocklistTable lists;
    private final PolicyTable policies;
    private final Limits limits;
    private final OverLimit overLimit;
    private final DecisionCounters counters;
    private final InstantSource clock;

    Decisions(
            RuleFeed rules,
            BlockFeed feed,
            BlockTable blocks,
            BlocklistTable lists,
            PolicyTable policies,
            Limits limits,
            OverLimit overLimit,
            DecisionCounters counters,
            InstantSource clock) {
        this.rules = rules;
        this.feed = feed;
        this.blocks = blocks;
        this.lists = lists;
        this.policies = policies;
        this.limits = limits;
        this.overLimit = overLimit;
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
        var decision = screen(question);
        if (decision.allowed()) {
            decision = limited(question);
        }
        counters.count(decision.outcome());
        return decision;
    }

    /** Whether the client may ask at all, whatever the limits say; neither consumes nor counts. */
    public Decision screen(Network client, String application, @Nullable String endpoint) {
        return screen(new Question(client, application, endpoint, 0, Descriptors.NONE, false));
    }

    private Decision screen(Question question) {
        if (!isReady()) {
            var policy = policies.find(question.application(), question.endpoint());
            return Decision.undecided(policy == null ? null : policy.failMode());
        }
        var now = clock.millis();
        var until = Math.max(
                blocks.blockedUntil(question.client(), question.application(), question.endpoint(), now),
                lists.listedUntil(question.client(), question.application(), now));
        return until == BlockTable.NOT_BLOCKED
                ? Decision.ALLOWED
                : Decision.refused(Outcome.BLOCKED, Math.ceilDiv(until - now, SECOND));
    }

    private Decision limited(Question question) {
        var policy = policies.find(question.application(), question.endpoint());
        return policy == null ? Decision.ALLOWED : limited(question, policy);
    }

    private Decision limited(Question question, EndpointPolicy policy) {
        var claims = CLAIMS.get();
        claims.clear();
        policy.claim(claims, limits, question.client(), question.request(), question.cost());
        var admitted = limits.consume(claims);
        if (!admitted) {
            overLimit.report(question.client(), policy);
        }
        return Standing.decision(policy, claims, admitted);
    }
}
