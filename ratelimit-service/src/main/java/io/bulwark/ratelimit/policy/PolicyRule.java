package io.bulwark.ratelimit.policy;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.bulwark.kit.problem.Problem;
import io.bulwark.ratelimit.policy.CountedBy.Place;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a policy says, as people write it. All limits of a request are consumed, or none.
 *
 * @param limits each with a name of its own
 * @param onExceed nothing but being refused where absent
 * @param failMode as the gateway's registration says where absent
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record PolicyRule(
        @NotEmpty @Size(max = MOST_LIMITS) List<@NotNull @Valid LimitRule> limits,
        @Nullable @Valid OnExceed onExceed,
        @Nullable FailMode failMode) {

    /** Beside each of them a wider one may count, and both must fit into one claim. */
    static final int MOST_LIMITS = 8;

    /** @throws Problem 422 with the field that makes no sense */
    void requireSense() {
        limits.forEach(LimitRule::requireSense);
        if (limits.stream().map(LimitRule::name).distinct().count() < limits.size()) {
            throw Problem.invalid("limits.name", "is there twice");
        }
        if (onExceed != null) {
            onExceed.requireSense();
            if (limits.stream().noneMatch(limit -> limit.countedBy().place() == Place.ADDRESS)) {
                throw Problem.invalid("onExceed", "blocks an address, so one limit must count by address");
            }
        }
    }

    long logs() {
        return limits.stream().filter(LimitRule::isLog).count();
    }
}
