package io.bulwark.incident;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.smallrye.config.validator.BeanValidationConfigValidatorImpl;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IncidentConfigTest {
    private static final String RULES = "bulwark.incident.rules.";

    @ParameterizedTest
    @ValueSource(strings = {"server-error-rate", "response-time"})
    void windowOfARuleThatReadsAllTrafficIsADayAtMost(String rule) {
        assertThat(config(RULES + rule + ".window", "P1D")).isNotNull();
        assertThatThrownBy(() -> config(RULES + rule + ".window", "PT25H")).hasMessageContaining(".window must be");
        assertThatThrownBy(() -> config(RULES + rule + ".window", "PT0.1S")).hasMessageContaining(".window must be");
    }

    @Test
    void windowOfAnotherRuleMayBeOfDays() {
        assertThat(config(RULES + "backup-failed.window", "P31D")
                        .rules()
                        .backupFailed()
                        .window())
                .isEqualTo(Duration.ofDays(31));
    }

    private static IncidentConfig config(String key, String value) {
        return new SmallRyeConfigBuilder()
                .withSources(new PropertiesConfigSource(Map.of(key, value), "test", 100))
                .withMapping(IncidentConfig.class)
                .withValidator(new BeanValidationConfigValidatorImpl())
                .build()
                .getConfigMapping(IncidentConfig.class);
    }
}
