package io.bulwark.backup;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quarkus.runtime.configuration.DurationConverter;
import io.quarkus.runtime.configuration.MemorySize;
import io.quarkus.runtime.configuration.MemorySizeConverter;
import io.smallrye.config.ConfigValidationException;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.smallrye.config.validator.BeanValidationConfigValidatorImpl;
import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BackupConfigTest {
    @ParameterizedTest
    @CsvSource({"at-once, 0", "lease, 10S", "max-sources, 0"})
    void whatWouldBackUpNothingIsRefused(String property, String value) {
        var config = new SmallRyeConfigBuilder()
                .withMapping(BackupConfig.class)
                .withValidator(new BeanValidationConfigValidatorImpl())
                .withConverter(MemorySize.class, 100, new MemorySizeConverter())
                .withConverter(Duration.class, 100, new DurationConverter())
                .withDefaultValue("bulwark.backup.key-file", "none")
                .withDefaultValue("java.io.tmpdir", "none")
                .withDefaultValue("bulwark.backup.runs." + property, value);

        assertThatThrownBy(config::build)
                .isInstanceOf(ConfigValidationException.class)
                .hasMessageContaining("runs." + property + " must be");
    }
}
