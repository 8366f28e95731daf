package io.bulwark.ratelimit;

import io.bulwark.testkit.OpenApiSnapshot;
import io.bulwark.testkit.SuiteTest;
import java.io.IOException;
import org.junit.jupiter.api.Test;

@SuiteTest
class OpenApiTest {
    @Test
    void theApiIsTheOneThatWasReviewed() throws IOException {
        OpenApiSnapshot.check();
    }
}
