package io.bulwark.incident;

import io.bulwark.testkit.OpenApiSnapshot;
import io.bulwark.testkit.SuiteTest;
import java.io.IOException;
import org.junit.jupiter.api.Test;

@SuiteTest
class OpenApiTest {
    @Test
    void apiIsTheOneThatWasReviewed() throws IOException {
        OpenApiSnapshot.check();
    }
}
