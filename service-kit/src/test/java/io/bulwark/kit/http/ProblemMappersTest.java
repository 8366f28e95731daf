package io.bulwark.kit.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.bulwark.kit.audit.NotAudited;
import io.bulwark.kit.problem.Problem;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProblemMappersTest {
    private final AtomicInteger counted = new AtomicInteger();
    private final ProblemMappers mappers = new ProblemMappers(counted::incrementAndGet);

    @ParameterizedTest
    @CsvSource({"401, 1", "403, 1", "429, 1", "404, 0", "422, 0", "503, 0"})
    void whoMayNotOrNotNowIsRefused(int status, int refused) {
        var response = mappers.problem(new Problem(status, "some-code", "Why"));

        assertThat(response.getStatus()).isEqualTo(status);
        assertThat(counted).hasValue(refused);
    }

    @Test
    void aRefusalThatIsRecordedInAnotherWayIsNotCounted() {
        @NotAudited("an event is its record")
        class LoginRefused extends Problem {
            LoginRefused() {
                super(401, "login-refused", "Why");
            }
        }

        mappers.problem(new LoginRefused());

        assertThat(counted).hasValue(0);
    }
}
