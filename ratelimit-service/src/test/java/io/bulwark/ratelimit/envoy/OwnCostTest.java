package io.bulwark.ratelimit.envoy;

import static io.bulwark.ratelimit.envoy.RateLimitRequest.descriptor;
import static io.bulwark.ratelimit.envoy.RateLimitRequest.message;
import static io.bulwark.ratelimit.envoy.RateLimitRequest.query;
import static org.assertj.core.api.Assertions.assertThat;

import io.bulwark.ratelimit.limit.Limits;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
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

    private final AtomicLong now = new AtomicLong(1_700_000_000_000_000_000L);
    private final RateLimiting limiting = new RateLimiting(
            new DomainFiles("default", Map.of("edge.yaml", FILE))::find,
            new Limits(1 << 12, 1, 2, now::get),
            new Screening((client, application) -> null, application -> null),
            () -> true,
            outcome -> {});

    @Test
    void whatAResponseHasCostIsChargedThoughItIsMoreThanIsLeft() throws IOException {
        assertThat(decide(descriptor("five", "x") + LOOKS).over()).isFalse();

        decide(descriptor("five", "x") + COSTS_TEN);

        assertThat(decide(descriptor("five", "x") + LOOKS).over()).isTrue();
        now.addAndGet(60_000_000_000L);
        assertThat(decide(descriptor("five", "x") + LOOKS).over()).isFalse();
        assertThat(decide(descriptor("five", "x")).over()).isTrue();
    }

    @Test
    void itIsChargedWhateverElseTheRequestIsOver() throws IOException {
        decide(descriptor("one", "x"));

        assertThat(decide(descriptor("one", "x"), descriptor("five", "x") + COSTS_ONE)
                        .over())
                .isTrue();

        assertThat(decide(descriptor("five", "x") + LOOKS).statuses().get(0).remaining())
                .isEqualTo(4);
    }

    @Test
    void whatCostsOneAfterEachResponseIsOverOnceThereIsMoreThanTheLimit() throws IOException {
        for (var response = 0; response < 5; response++) {
            decide(descriptor("five", "x") + COSTS_ONE);
            assertThat(decide(descriptor("five", "x") + LOOKS).over()).isFalse();
        }

        decide(descriptor("five", "x") + COSTS_ONE);

        assertThat(decide(descriptor("five", "x") + LOOKS).over()).isTrue();
    }

    @Test
    void aCostWithoutMeasureIsRefusedAndNoMoreThanTwiceTheLimitIsOwed() throws IOException {
        var over = decide(descriptor("five", "x") + COSTS_WITHOUT_MEASURE, descriptor("five", "x") + COSTS_TEN);

        assertThat(over.over()).isTrue();
        assertThat(over.headers()).doesNotContainKey("retry-after");
        now.addAndGet(71_000_000_000L);
        assertThat(decide(descriptor("five", "x")).over()).isTrue();
        now.addAndGet(1_000_000_000L);
        assertThat(decide(descriptor("five", "x")).over()).isFalse();
    }

    @Test
    void whatTheWholeRequestCostsIsChargedOnlyWhereItIsServed() throws IOException {
        var over = limiting.answer("default", query(message(descriptor("five", "x")) + "180a"));

        assertThat(over.over()).isTrue();
        assertThat(decide(descriptor("five", "x")).statuses().get(0).remaining())
                .isEqualTo(4);
    }

    @Test
    void whoComesBackWhenItIsToldToIsServedThoughItsRefusalWasChargedToo() throws IOException {
        decide(descriptor("five", "x") + COSTS_FIVE);
        var over = decide(descriptor("five", "x") + COSTS_FIVE);
        assertThat(over.over()).isTrue();

        now.addAndGet(Duration.ofSeconds(Long.parseLong(over.headers().get("retry-after")))
                .toNanos());

        assertThat(decide(descriptor("five", "x") + COSTS_FIVE).over()).isFalse();
    }

    @Test
    void whatOneDescriptorOwesIsNotForgottenForAnEqualOne() throws IOException {
        decide(descriptor("quota", "x") + COSTS_TEN, descriptor("quota", "x"));

        assertThat(decide(descriptor("quota", "x") + LOOKS).over()).isTrue();
    }

    private RateLimitReply decide(String... descriptors) throws IOException {
        return limiting.answer("default", query(message(descriptors)));
    }
}
