package io.bulwark.ratelimit.policy;

import io.bulwark.kit.problem.Problem;
import io.bulwark.ratelimit.limit.LimitsConfig;
import jakarta.enterprise.context.ApplicationScoped;

/** How many exact limits there may be: each has a table of its own, of 4 MiB, and 14 for a limit of 100. */
@ApplicationScoped
class LogBudget {
    private final Policies policies;
    private final int most;

    LogBudget(Policies policies, LimitsConfig config) {
        this.policies = policies;
        this.most = config.slidingLogs();
    }

    /** @throws Problem 422 where this policy would be one too many */
    void require(String application, String endpoint, PolicyRule rule) {
        if (rule.logs() == 0) {
            return;
        }
        var others = policies.all().stream()
                .filter(policy -> !policy.application().equals(application)
                        || !policy.endpoint().equals(endpoint))
                .mapToLong(policy -> policy.rule().logs())
                .sum();
        if (others + rule.logs() > most) {
            throw Problem.invalid(
                    "limits.algorithm",
                    "%d limits are sliding-log already, of the %d there is room for: use gcra, or raise bulwark.ratelimit.limit.sliding-logs"
                            .formatted(others, most));
        }
    }
}
