package io.bulwark.ratelimit.decision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bulwark.kit.problem.Unavailable;
import io.bulwark.ratelimit.gateway.Undecided;
import io.bulwark.ratelimit.policy.FailMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is told while a replica does not know the blocks yet: the endpoint's policy goes before the gateway's registration. */
class UndecidedCheckTest {
    @ParameterizedTest
    @CsvSource({"OPEN, REFUSE", "OPEN, SERVE", ", SERVE"})
    void whoAsksInJsonIsServed(FailMode policy, Undecided gateway) {
        var answer = CheckResource.CheckAnswer.of(Decision.undecided(policy), gateway);

        assertThat(answer.allowed()).isTrue();
        assertThat(answer.reason()).isEqualTo("unavailable");
    }

    @ParameterizedTest
    @CsvSource({"CLOSED, REFUSE", "CLOSED, SERVE", ", REFUSE"})
    void whoAsksInJsonIsRefused(FailMode policy, Undecided gateway) {
        assertThatThrownBy(() -> CheckResource.CheckAnswer.of(Decision.undecided(policy), gateway))
                .isInstanceOf(Unavailable.class);
    }
}
