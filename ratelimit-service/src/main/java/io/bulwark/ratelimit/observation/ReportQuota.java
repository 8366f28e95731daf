package io.bulwark.ratelimit.observation;

import io.bulwark.kit.problem.Problem;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;

/**
 * How much each reporter may still send to this replica. Whoever has anything left may send one more batch, whatever its
 * size, and pays for it afterwards: how much a body holds is known only once it is read.
 */
@ApplicationScoped
class ReportQuota {
    private static final int MANY = 10_000;
    private static final double MILLIS = 1_000;

    private final ObservationConfig config;
    private final InstantSource clock;
    private final Map<String, Balance> balances = new HashMap<>();

    ReportQuota(ObservationConfig config, InstantSource clock) {
        this.config = config;
        this.clock = clock;
    }

    private record Balance(double left, long at) {}

    /** @throws Problem 429 while the reporter has nothing left */
    synchronized void admit(Reporter reporter) {
        var left = left(reporter, clock.millis());
        if (left <= 0) {
            var wait = (long) Math.ceil((1 - left) / config.rate());
            throw new Problem(429, "too-many-observations", "More is reported than is taken from one reporter")
                    .header("Retry-After", Long.toString(Math.max(1, wait)));
        }
    }

    synchronized void charge(Reporter reporter, int amount) {
        var now = clock.millis();
        balances.put(reporter.path(), new Balance(left(reporter, now) - amount, now));
        if (balances.size() > MANY) {
            balances.values().removeIf(balance -> left(balance, now) >= config.burst());
        }
    }

    private double left(Reporter reporter, long now) {
        var balance = balances.get(reporter.path());
        return balance == null ? config.burst() : left(balance, now);
    }

    private double left(Balance balance, long now) {
        var earned = Math.max(0, now - balance.at()) / MILLIS * config.rate();
        return Math.min(config.burst(), balance.left() + earned);
    }
}
