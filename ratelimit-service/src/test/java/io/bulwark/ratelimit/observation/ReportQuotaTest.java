package io.bulwark.ratelimit.observation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.bulwark.kit.net.Network;
import io.bulwark.kit.problem.Problem;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** What one reporter may send, and how many endpoints are told apart. */
class ReportQuotaTest {
    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-01-15T09:30:00Z"));
    private final ObservationConfig config = new SmallRyeConfigBuilder()
            .withMapping(ObservationConfig.class)
            .withDefaultValue("bulwark.ratelimit.observation.rate", "10")
            .withDefaultValue("bulwark.ratelimit.observation.burst", "100")
            .withDefaultValue("bulwark.ratelimit.observation.max-endpoints", "4")
            .build()
            .getConfigMapping(ObservationConfig.class);

    @Test
    void whoOwesWaitsAndIsTheOnlyOneToWait() {
        var quota = new ReportQuota(config, now::get);
        var edge = Reporter.gateway("edge", "shop");
        quota.admit(edge);
        quota.charge(edge, 130);

        var refused = catchThrowableOfType(Problem.class, () -> quota.admit(edge));
        assertThat(refused.status()).isEqualTo(429);
        assertThatCode(() -> quota.admit(Reporter.gateway("other", "shop"))).doesNotThrowAnyException();
        now.updateAndGet(time -> time.plusMillis(3_000));
        assertThat(catchThrowableOfType(Problem.class, () -> quota.admit(edge))).isNotNull();
        now.updateAndGet(time -> time.plusMillis(100));
        assertThatCode(() -> quota.admit(edge)).doesNotThrowAnyException();
    }

    @Test
    void whatIsRefusedOrNotFoundCannotPushOutWhatIsServed() {
        var endpoints = new Endpoints(config, now::get);
        assertThat(endpoints.of("shop", line("/scan", 404))).isEqualTo(Endpoints.OTHER);
        assertThat(endpoints.of("shop", line("/a", 401))).isEqualTo("/a");
        assertThat(endpoints.of("shop", line("/b", 403))).isEqualTo("/b");
        assertThat(endpoints.of("shop", line("/c", 403))).isEqualTo(Endpoints.OTHER);
        assertThat(endpoints.of("shop", line("/c", 200))).isEqualTo("/c");
        assertThat(endpoints.of("shop", line("/c", 404))).isEqualTo("/c");
        assertThat(endpoints.of("shop", line("/d", 500))).isEqualTo("/d");
        assertThat(endpoints.of("shop", line("/e", 200))).isEqualTo(Endpoints.OTHER);
        assertThat(endpoints.of("bank", line("/e", 200))).isEqualTo("/e");

        now.updateAndGet(time -> time.plus(Duration.ofHours(25)));
        assertThat(endpoints.of("shop", line("/e", 200))).isEqualTo("/e");
    }

    private LogLine line(String target, int status) {
        return new LogLine(Network.parse("203.0.113.7"), now.get(), target, status, 1);
    }
}
