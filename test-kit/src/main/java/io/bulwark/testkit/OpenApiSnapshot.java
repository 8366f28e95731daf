package io.bulwark.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.restassured.RestAssured;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The service's API as it is, against {@code openapi.yaml} beside its pom. {@code -Dbulwark.update-openapi} writes the
 * file anew: the change is then seen in review.
 */
public final class OpenApiSnapshot {
    private OpenApiSnapshot() {}

    /** Call it from a {@link SuiteTest}. */
    public static void check() throws IOException {
        var file = Path.of("openapi.yaml");
        var actual = RestAssured.given().get("/q/openapi").asString();
        if (System.getProperty("bulwark.update-openapi") != null) {
            Files.writeString(file, actual);
        }
        assertThat(actual)
                .as("The API differs from openapi.yaml; run with -Dbulwark.update-openapi if that is meant")
                .isEqualTo(Files.readString(file));
    }
}
