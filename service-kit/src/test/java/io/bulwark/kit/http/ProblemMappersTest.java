package io.bulwark.kit.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.bulwark.kit.problem.Problem;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProblemMappersTest {
    @ParameterizedTest
    @CsvSource({"403, 1", "429, 1", "404, 0", "422, 0", "503, 0"})
    void whoMayNotOrNotNowIsRefused(int status, int refused) {
        var counted = new AtomicInteger();

        var response = new ProblemMappers(counted::incrementAndGet).problem(new Problem(status, "some-code", "Why"));

        assertThat(response.getStatus()).isEqualTo(status);
        assertThat(counted).hasValue(refused);
    }
}
