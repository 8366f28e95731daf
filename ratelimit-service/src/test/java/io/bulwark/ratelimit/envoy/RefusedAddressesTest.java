package io.bulwark.ratelimit.envoy;

import static io.bulwark.ratelimit.envoy.RateLimitRequest.descriptor;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;

/** Of whom the limits of a domain refuse, those are told of who have used one up themselves. */
class RefusedAddressesTest {
    private static final String CLIENT = "198.51.100.7";

    private final EdgeLimits edge = new EdgeLimits("""
            domain: edge
            descriptors:
              - key: remote_address
                rate_limit: {unit: minute, requests_per_unit: 1}
              - key: remote_address
                value: "10.*"
                share_threshold: true
                rate_limit: {unit: minute, requests_per_unit: 1}
              - key: remote_address
                value: 203.0.113.9
                shadow_mode: true
                rate_limit: {unit: minute, requests_per_unit: 1}
              - key: masked_remote_address
                rate_limit: {unit: minute, requests_per_unit: 1}
              - key: all
                rate_limit: {unit: minute, requests_per_unit: 1}
              - key: path
                descriptors:
                  - key: remote_address
                    rate_limit: {unit: minute, requests_per_unit: 1}
            """);

    @Test
    void whoeverHasUsedUpItsOwnLimitIsToldOf() throws IOException {
        refusedTwice(descriptor("remote_address", CLIENT));
        refusedTwice(descriptor("path", "/login") + descriptor("remote_address", "2001:db8::7"));

        assertThat(edge.refused()).containsExactly(CLIENT, CLIENT, "2001:db8::7", "2001:db8::7");
    }

    @Test
    void beforeOthersThatRefuseTooItIsToldOfOnce() throws IOException {
        refusedTwice(
                descriptor("all", "x"),
                descriptor("remote_address", CLIENT),
                descriptor("path", "/") + descriptor("remote_address", CLIENT));

        assertThat(edge.refused()).containsExactly(CLIENT, CLIENT);
    }

    @Test
    void nobodyIsToldOfForWhatItsNeighboursHaveUsedUp() throws IOException {
        refusedTwice(descriptor("all", "x"));
        refusedTwice(descriptor("masked_remote_address", "198.51.100.0/24"));
        refusedTwice(descriptor("remote_address", "10.1.2.3"));

        assertThat(edge.decide(descriptor("all", "x"), descriptor("remote_address", CLIENT))
                        .over())
                .isTrue();

        assertThat(edge.refused()).isEmpty();
    }

    @Test
    void whoeverIsServedIsNotToldOf() throws IOException {
        for (var i = 0; i < 3; i++) {
            assertThat(edge.decide(descriptor("remote_address", "203.0.113.9")).over())
                    .isFalse();
        }

        assertThat(edge.refused()).isEmpty();
    }

    private void refusedTwice(String... descriptors) throws IOException {
        assertThat(edge.decide(descriptors).over()).isFalse();
        assertThat(edge.decide(descriptors).over()).isTrue();
        assertThat(edge.decide(descriptors).over()).isTrue();
    }
}
