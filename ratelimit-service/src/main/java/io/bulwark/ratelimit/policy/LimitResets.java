package io.bulwark.ratelimit.policy;

import io.bulwark.kit.net.Network;
import io.bulwark.ratelimit.database.Database;
import io.bulwark.ratelimit.limit.Limits;
import io.bulwark.ratelimit.rule.RuleKind;
import io.bulwark.ratelimit.rule.RuleSet;
import io.bulwark.ratelimit.rule.Rules;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ApplicationNotRunning;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.InstantSource;

/**
 * Gives addresses their limits again, on every replica: each carries out the orders that it has not carried out yet. One that
 * starts later has nothing to give back.
 */
@Singleton
class LimitResets implements RuleSet {
    private static final Duration KEPT = Duration.ofHours(1);
    /** So that their numbers go up in the order in which they are seen. */
    private static final String HOLD = "select pg_advisory_xact_lock(hashtextextended('limit resets', 0))";

    private static final String ADD =
            "insert into limit_reset (target, application, ordered_at) values (?::cidr, ?, ?)";
    private static final String SINCE =
            "select id, target::text, application from limit_reset where id > ? order by id";
    private static final String PRUNE = "delete from limit_reset where ordered_at < ?";

    private final Database database;
    private final PolicyTable policies;
    private final Limits limits;
    private final Rules rules;
    private final InstantSource clock;
    private long done;

    LimitResets(Database database, PolicyTable policies, Limits limits, Rules rules, InstantSource clock) {
        this.database = database;
        this.policies = policies;
        this.limits = limits;
        this.rules = rules;
        this.clock = clock;
    }

    private record Order(long id, Network target, String application) {}

    /** From now on the address has its limits again, as far as they count by the address alone. */
    void order(Network target, String application, String author) {
        database.query(HOLD, row -> row);
        database.update(ADD, target.toString(), application, clock.instant());
        rules.changed(RuleKind.LIMIT_RESET, application, target.toString(), author);
    }

    @Override
    public RuleKind kind() {
        return RuleKind.LIMIT_RESET;
    }

    @Override
    public void reload() {
        var orders = database.query(
                SINCE, row -> new Order(row.getLong(1), Network.parse(row.getString(2)), row.getString(3)), done);
        for (var order : orders) {
            policies.reset(limits, order.target(), order.application());
            done = order.id();
        }
    }

    @Scheduled(every = "10m", skipExecutionIf = ApplicationNotRunning.class)
    void prune() {
        QuarkusTransaction.requiringNew()
                .run(() -> database.update(PRUNE, clock.instant().minus(KEPT)));
    }
}
