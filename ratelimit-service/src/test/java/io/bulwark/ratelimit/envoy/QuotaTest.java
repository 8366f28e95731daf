package io.bulwark.ratelimit.envoy;

import static io.bulwark.ratelimit.envoy.RateLimitRequest.descriptor;
import static org.assertj.core.api.Assertions.assertThat;

import io.bulwark.ratelimit.envoy.RateLimitReply.Status;
import java.io.IOException;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Limits with {@code quota_mode}: a request is served while one of its quotas is not over, and the gateway sees which. */
class QuotaTest {
    private static final String FILE = """
            domain: edge
            descriptors:
              - key: spent
                quota_mode: true
                rate_limit: {unit: hour, requests_per_unit: 1}
              - key: short
                quota_mode: true
                rate_limit: {unit: second, requests_per_unit: 1}
              - key: left
                quota_mode: true
                rate_limit: {unit: hour, requests_per_unit: 9}
              - key: shadow
                quota_mode: true
                shadow_mode: true
                rate_limit: {unit: hour, requests_per_unit: 0}
              - key: five
                rate_limit: {unit: minute, requests_per_unit: 5}
              - key: none
                rate_limit: {unit: minute, requests_per_unit: 0}
            """;

    private final EdgeLimits limits = new EdgeLimits(FILE);

    @BeforeEach
    void spend() throws IOException {
        decide("spent", "short");
    }

    @Test
    void oneThatIsOverIsToldAndTheRequestServedWhileAnotherIsNot() throws IOException {
        var reply = decide("spent", "left", "five");

        assertThat(reply.over()).isFalse();
        assertThat(reply.statuses()).extracting(Status::over).containsExactly(true, false, false);
        assertThat(reply.statuses()).extracting(Status::remaining).containsExactly(0L, 8L, 4L);
    }

    @Test
    void whereAllAreOverTheRequestIsAndConsumesNothing() throws IOException {
        var reply = decide("spent", "short", "five");

        assertThat(reply.over()).isTrue();
        assertThat(reply.statuses()).extracting(Status::over).containsExactly(true, true, false);
        assertThat(reply.headers().get("retry-after")).isIn("1", "2");
        assertThat(decide("five").statuses().getFirst().remaining()).isEqualTo(4);
    }

    @Test
    void whereALimitIsOverTheRequestIsWhateverItsQuotas() throws IOException {
        assertThat(decide("left", "none").over()).isTrue();
        assertThat(decide("left").statuses().getFirst().remaining()).isEqualTo(8);
    }

    @Test
    void oneInShadowIsNeverOver() throws IOException {
        var reply = decide("spent", "shadow");

        assertThat(reply.over()).isFalse();
        assertThat(reply.statuses()).extracting(Status::over).containsExactly(true, false);
    }

    private RateLimitReply decide(String... keys) throws IOException {
        return limits.decide(Stream.of(keys).map(key -> descriptor(key, "x")).toArray(String[]::new));
    }
}
