package io.bulwark.ratelimit.envoy;

import static io.bulwark.ratelimit.envoy.RateLimitRequest.descriptor;
import static io.bulwark.ratelimit.envoy.RateLimitRequest.message;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Envoy's {@code apply_on_stream_done}: a request is looked at, and its response tells what it has cost. */
class OwnCostTest {
    private static final String FILE = """
            domain: edge
            descriptors:
              - key: five
                rate_limit: {unit: minute, requests_per_unit: 5}
              - key: one
                rate_limit: {unit: minute, requests_per_unit: 1}
              - key: quota
                quota_mode: true
                rate_limit: {unit: minute, requests_per_unit: 5}
            """;
    private static final String LOOKS = "1a00";
    private static final String COSTS_ONE = "1a020801";
    private static final String COSTS_FIVE = "1a020805";
    private static final String COSTS_TEN = "1a02080a";
    private static final String COSTS_WITHOUT_MEASURE = "1a0b" + "08ffffffffffffffffff01";

    private final EdgeLimits limits = new EdgeLimits(FILE);

    @Test
    void whatAResponseHasCostIsChargedThoughItIsMoreThanIsLeft() throws IOException {
        assertThat(limits.decide(descriptor("five", "x") + LOOKS).over()).isFalse();

        limits.decide(descriptor("five", "x") + COSTS_TEN);

        assertThat(limits.decide(descriptor("five", "x") + LOOKS).over()).isTrue();
        limits.pass(Duration.ofMinutes(1));
        assertThat(limits.decide(descriptor("five", "x") + LOOKS).over()).isFalse();
        assertThat(limits.decide(descriptor("five", "x")).over()).isTrue();
    }

    @Test
    void itIsChargedWhateverElseTheRequestIsOver() throws IOException {
        limits.decide(descriptor("one", "x"));

        assertThat(limits.decide(descriptor("one", "x"), descriptor("five", "x") + COSTS_ONE)
                        .over())
                .isTrue();

        assertThat(limits.decide(descriptor("five", "x") + LOOKS)
                        .statuses()
                        .get(0)
                        .remaining())
                .isEqualTo(4);
    }

    @Test
    void whatCostsOneAfterEachResponseIsOverOnceThereIsMoreThanTheLimit() throws IOException {
        for (var response = 0; response < 5; response++) {
            limits.decide(descriptor("five", "x") + COSTS_ONE);
            assertThat(limits.decide(descriptor("five", "x") + LOOKS).over()).isFalse();
        }

        limits.decide(descriptor("five", "x") + COSTS_ONE);

        assertThat(limits.decide(descriptor("five", "x") + LOOKS).over()).isTrue();
    }

    @Test
    void aCostWithoutMeasureIsRefusedAndNoMoreThanTwiceTheLimitIsOwed() throws IOException {
        var over = limits.decide(descriptor("five", "x") + COSTS_WITHOUT_MEASURE, descriptor("five", "x") + COSTS_TEN);

        assertThat(over.over()).isTrue();
        assertThat(over.headers()).doesNotContainKey("retry-after");
        limits.pass(Duration.ofSeconds(71));
        assertThat(limits.decide(descriptor("five", "x")).over()).isTrue();
        limits.pass(Duration.ofSeconds(1));
        assertThat(limits.decide(descriptor("five", "x")).over()).isFalse();
    }

    @Test
    void whatTheWholeRequestCostsIsChargedOnlyWhereItIsServed() throws IOException {
        var over = limits.answer(message(descriptor("five", "x")) + "180a");

        assertThat(over.over()).isTrue();
        assertThat(limits.decide(descriptor("five", "x")).statuses().get(0).remaining())
                .isEqualTo(4);
    }

    @Test
    void whoComesBackWhenItIsToldToIsServedThoughItsRefusalWasChargedToo() throws IOException {
        limits.decide(descriptor("five", "x") + COSTS_FIVE);
        var over = limits.decide(descriptor("five", "x") + COSTS_FIVE);
        assertThat(over.over()).isTrue();

        limits.pass(Duration.ofSeconds(Long.parseLong(over.headers().get("retry-after"))));

        assertThat(limits.decide(descriptor("five", "x") + COSTS_FIVE).over()).isFalse();
    }

    @Test
    void whatOneDescriptorOwesIsNotForgottenForAnEqualOne() throws IOException {
        limits.decide(descriptor("quota", "x") + COSTS_TEN, descriptor("quota", "x"));

        assertThat(limits.decide(descriptor("quota", "x") + LOOKS).over()).isTrue();
    }
}
