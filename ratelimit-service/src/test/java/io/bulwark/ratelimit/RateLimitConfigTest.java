package io.bulwark.ratelimit;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.config.SmallRyeConfigBuilder;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RateLimitConfigTest {
    @Test
    void whatIsNotSaidIsTheGuides() {
        var login = login(Map.of());

        assertThat(login.limit()).isEqualTo(5);
        assertThat(login.window()).isEqualTo(Duration.ofMinutes(15));
        assertThat(login.duration()).isEqualTo(Duration.ofHours(24));
        assertThat(login.retention()).isGreaterThan(login.window());
        assertThat(login.shadow()).isFalse();
    }

    @Test
    void everythingCanBeSet() {
        var login = login(Map.of(
                "bulwark.ratelimit.login.limit", "3",
                "bulwark.ratelimit.login.window", "PT1M",
                "bulwark.ratelimit.login.duration", "PT1H",
                "bulwark.ratelimit.login.shadow", "true",
                "bulwark.ratelimit.login.retention", "P7D"));

        assertThat(login.limit()).isEqualTo(3);
        assertThat(login.window()).isEqualTo(Duration.ofMinutes(1));
        assertThat(login.duration()).isEqualTo(Duration.ofHours(1));
        assertThat(login.retention()).isEqualTo(Duration.ofDays(7));
        assertThat(login.shadow()).isTrue();
    }

    private static RateLimitConfig.Login login(Map<String, String> set) {
        return new SmallRyeConfigBuilder()
                .withMapping(RateLimitConfig.class)
                .withDefaultValues(set)
                .build()
                .getConfigMapping(RateLimitConfig.class)
                .login();
    }
}
