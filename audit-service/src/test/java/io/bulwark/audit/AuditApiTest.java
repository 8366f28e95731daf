package io.bulwark.audit;

import io.bulwark.testkit.OpenApiSnapshot;
import io.bulwark.testkit.SuiteTest;
import java.io.IOException;
import org.junit.jupiter.api.Test;

@SuiteTest
class AuditApiTest {
    @Test
    void isTheOneThatWasReviewed() throws IOException {
        OpenApiSnapshot.check();
    }
}
