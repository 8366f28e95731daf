package io.bulwark.auth;

import io.smallrye.config.SmallRyeConfigBuilder;
import java.nio.file.Path;
import java.util.Map;

/** The configuration of a test that starts no service. */
public final class PlainConfig {
    private PlainConfig() {}

    public static AuthConfig of(Map<String, String> values) {
        return new SmallRyeConfigBuilder()
                .withMapping(AuthConfig.class)
                .withConverter(Path.class, 100, text -> text.isEmpty() ? null : Path.of(text))
                .withDefaultValues(values)
                .withDefaultValue("bulwark.auth.token.issuer", "http://127.0.0.1:8081")
                .build()
                .getConfigMapping(AuthConfig.class);
    }
}
