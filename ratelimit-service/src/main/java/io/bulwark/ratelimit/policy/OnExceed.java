package io.bulwark.ratelimit.policy;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.bulwark.kit.problem.Problem;
import io.bulwark.ratelimit.block.NewBlock;
import io.bulwark.ratelimit.block.Remediation;
import jakarta.validation.constraints.NotNull;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What befalls who goes over a limit, besides being refused: the address is blocked where {@link
 * EndpointPolicy#scope} says, longer each time.
 *
 * @param block how long the first time
 * @param remediation what gateways do that can do more than refuse; a ban where absent
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record OnExceed(@NotNull Duration block, @Nullable Remediation remediation) {
    /** @throws Problem 422 where nobody may be blocked for so long */
    void requireSense() {
        if (!NewBlock.isPossible(block)) {
            throw Problem.invalid("onExceed.block", "is between " + NewBlock.SHORTEST + " and " + NewBlock.LONGEST);
        }
    }
}
