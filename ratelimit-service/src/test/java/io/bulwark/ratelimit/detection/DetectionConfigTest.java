package io.bulwark.ratelimit.detection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smallrye.config.ConfigValidationException;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.smallrye.config.validator.BeanValidationConfigValidatorImpl;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DetectionConfigTest {
    private static final String PREFIX = "bulwark.ratelimit.detection.";

    @Test
    void eachDetectorHasDefaultsOfItsOwn() {
        var config = config(Map.of());

        assertThat(CrowdPolicy.of("stuffing", config.stuffing()))
                .isEqualTo(new CrowdPolicy("stuffing", 10, Duration.ofHours(1), Duration.ofHours(24), true, false));
        assertThat(CrowdPolicy.of("spraying", config.spraying()))
                .isEqualTo(new CrowdPolicy("spraying", 10, Duration.ofHours(1), Duration.ofHours(1), true, false));
        assertThat(CrowdPolicy.of("flood", config.distributedFlood()))
                .isEqualTo(new CrowdPolicy("flood", 20, Duration.ofMinutes(10), Duration.ofHours(1), false, false));
        assertThat(CountPolicy.of("login", "failed-logins", config.login()))
                .isEqualTo(new CountPolicy(
                        "login", "failed-logins", 5, Duration.ofMinutes(15), Duration.ofHours(24), false));
        assertCounted(config.waf(), 20, Duration.ofHours(1), false);
        assertCounted(config.accessDenied(), 200, Duration.ofMinutes(15), true);
        assertCounted(config.flood(), 3, Duration.ofMinutes(15), false);
    }

    @ParameterizedTest
    @CsvSource({
        "stuffing.threshold, 1",
        "spraying.window, PT59S",
        "spraying.duration, PT0S",
        "stuffing.duration, P3654D",
        "distributed-flood.threshold, 1001",
        "distributed-flood.v4-prefix, 23",
        "login.limit, 0",
        "waf.limit, 0",
        "flood.limit, 10001",
        "access-denied.window, PT24H1S",
    })
    void whatIsOutOfBoundsIsRefusedWhetherOrNotADetectorHasItsOwnDefault(String property, String value) {
        assertThatThrownBy(() -> config(Map.of(PREFIX + property, value)))
                .isInstanceOf(ConfigValidationException.class)
                .hasMessageContaining(property.substring(property.indexOf('.')) + " must be");
    }

    @Test
    void whatCountsTogetherIsKeptAsLong() {
        Detector.checkRetention(config(Map.of(PREFIX + "waf.window", "PT24H", PREFIX + "retention", "PT24H")));
        var tooShort = config(Map.of(PREFIX + "waf.window", "PT12H", PREFIX + "retention", "PT11H"));

        assertThatThrownBy(() -> Detector.checkRetention(tooShort))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("bulwark.ratelimit.detection.retention, PT11H, must not be shorter than a window, PT12H");
    }

    private static void assertCounted(DetectionConfig.Counted config, int limit, Duration duration, boolean shadow) {
        assertThat(config.enabled()).isTrue();
        assertThat(config.limit()).isEqualTo(limit);
        assertThat(config.window()).hasMinutes(10);
        assertThat(config.duration()).isEqualTo(duration);
        assertThat(config.shadow()).isEqualTo(shadow);
    }

    private static DetectionConfig config(Map<String, String> properties) {
        return new SmallRyeConfigBuilder()
                .withSources(new PropertiesConfigSource(properties, "test", 100))
                .withMapping(DetectionConfig.class)
                .withValidator(new BeanValidationConfigValidatorImpl())
                .build()
                .getConfigMapping(DetectionConfig.class);
    }
}
