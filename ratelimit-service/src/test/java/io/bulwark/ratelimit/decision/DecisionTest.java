package io.bulwark.ratelimit.decision;

import static org.assertj.core.api.Assertions.assertThat;

import io.bulwark.kit.net.Network;
import io.bulwark.ratelimit.policy.Descriptors;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DecisionTest {
    @ParameterizedTest
    @CsvSource({"1, 1", "8, 1", "80, 10", "3600, 60", "86400, 60"})
    void whoWasRefusedTogetherReturnsSpreadOutAndNeverTooEarly(long seconds, long spread) {
        var returns = IntStream.range(0, 1_000)
                .mapToObj(i -> Network.parse("198.51." + i / 250 + "." + i % 250))
                .map(client -> retryAfter(seconds, client))
                .toList();

        assertThat(returns).allMatch(at -> at >= seconds && at <= seconds + spread);
        assertThat(returns.stream().distinct().count()).isEqualTo(spread + 1);
        // who asks again learns nothing by it
        assertThat(retryAfter(seconds, Network.parse("198.51.0.0"))).isEqualTo(returns.getFirst());
    }

    @Test
    void whoIsServedOrCannotComeBackIsToldNoTime() {
        assertThat(retryAfter(0, Network.parse("203.0.113.7"))).isZero();
        var question = question(Network.parse("203.0.113.7"));
        assertThat(Decision.ALLOWED.referring(question, 0)).isSameAs(Decision.ALLOWED);
    }

    /** A client may go by either (draft-ietf-httpapi-ratelimit-headers-11): by both it returns at the same moment. */
    @Test
    void theResetOfTheLimitThatRefusesIsSpreadOutToo() {
        var standing = new Standing(null, null, 0, 80, List.of("few"));
        var limited = new Decision(Outcome.LIMITED, 80, standing, null, null, null);
        for (var client : List.of("203.0.113.7", "203.0.113.8", "2001:db8::1")) {
            var told = limited.referring(question(Network.parse(client)), 0);

            assertThat(told.retryAfterSeconds()).isBetween(80L, 90L);
            assertThat(told.standing().resetSeconds()).isEqualTo(told.retryAfterSeconds());
        }
    }

    private static long retryAfter(long seconds, Network client) {
        return Decision.refused(Outcome.BLOCKED, seconds)
                .referring(question(client), 0)
                .retryAfterSeconds();
    }

    private static Question question(Network client) {
        return new Question(client, "shop", null, 1, Descriptors.NONE, false);
    }
}
