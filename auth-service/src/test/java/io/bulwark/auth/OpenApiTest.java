package io.bulwark.auth;

import io.bulwark.testkit.OpenApiSnapshot;
import io.bulwark.testkit.SuiteTest;
import io.quarkus.test.common.WithTestResource;
import java.io.IOException;
import org.junit.jupiter.api.Test;

@SuiteTest
@WithTestResource(AuthFiles.class)
class OpenApiTest {
    @Test
    void theApiIsTheOneThatWasReviewed() throws IOException {
        OpenApiSnapshot.check();
    }
}
