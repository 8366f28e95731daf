package io.bulwark.ratelimit.envoy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bulwark.ratelimit.decision.Decision;
import io.bulwark.ratelimit.gateway.Profiles;
import io.bulwark.ratelimit.gateway.Undecided;
import io.bulwark.ratelimit.policy.FailMode;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What Envoy's ext_authz is told over gRPC while a replica does not know the blocks yet; its rate limits: {@link RateLimitingTest}. */
class UndecidedCallTest {
    @ParameterizedTest
    @CsvSource({"OPEN, REFUSE", "OPEN, SERVE", ", SERVE"})
    void whoIsServedWithoutADecisionIsMarkedForTheApplicationAndForTheClient(FailMode policy, Undecided gateway) {
        var answer = new String(
                GrpcClient.unframed(Authorizing.undecided(Profiles.undecided(gateway), Decision.undecided(policy))),
                StandardCharsets.ISO_8859_1);

        assertThat(answer).startsWith("\n\0").containsPattern("(?s)x-bulwark-undecided.*x-bulwark-undecided");
    }

    /** Then Envoy's {@code failure_mode_allow} decides. */
    @ParameterizedTest
    @CsvSource({"CLOSED, REFUSE", "CLOSED, SERVE", ", REFUSE"})
    void otherwiseTheCallFails(FailMode policy, Undecided gateway) {
        assertThatThrownBy(() -> Authorizing.undecided(Profiles.undecided(gateway), Decision.undecided(policy)))
                .isInstanceOfSatisfying(
                        GrpcRefusal.class,
                        refusal -> assertThat(refusal.status()).isEqualTo(GrpcRefusal.UNAVAILABLE));
    }
}
