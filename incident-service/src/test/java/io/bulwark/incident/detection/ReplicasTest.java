package io.bulwark.incident.detection;

import static io.bulwark.incident.Api.incidentsOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.agroal.api.AgroalDataSource;
import io.bulwark.incident.rule.Rule;
import io.bulwark.testkit.SuiteTest;
import io.quarkus.narayana.jta.QuarkusTransaction;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What several replicas do at once, each with the records of its own partitions. */
@SuiteTest
class ReplicasTest {
    private static final Instant START =
            Instant.now().truncatedTo(ChronoUnit.SECONDS).minus(Duration.ofDays(1));

    private final Detection detection;
    private final AgroalDataSource dataSource;
    private String application;

    ReplicasTest(Detection detection, AgroalDataSource dataSource) {
        this.detection = detection;
        this.dataSource = dataSource;
    }

    @BeforeEach
    void chooseAnApplication() {
        application = "app-" + UUID.randomUUID().toString().substring(0, 8);
    }

    @Test
    void loseNothingToEachOtherAndOpenOneIncident() throws Exception {
        try (var replicas = Executors.newFixedThreadPool(11)) {
            var batches = IntStream.range(0, 11)
                    .<Callable<Boolean>>mapToObj(i -> () -> observe(Rule.FAILED_LOGINS, List.of(seen("event-" + i, i))))
                    .toList();
            assertThat(replicas.invokeAll(batches)).allMatch(batch -> batch.state() == Future.State.SUCCESS);
        }

        assertThat(incidentsOf(application)).hasSize(1);
    }

    @Test
    void rememberOfAFloodNoMoreThanTheThreshold() throws SQLException {
        for (var batch = 0; batch < 40; batch++) {
            var first = batch * 500;
            observe(
                    Rule.BLOCKED_ADDRESSES,
                    IntStream.range(first, first + 500)
                            .mapToObj(i -> seen("10." + (i >> 16) + "." + (i >> 8 & 255) + "." + (i & 255), i / 100))
                            .toList());
        }

        assertThat(incidentsOf(application)).hasSize(1);
        assertThat(remembered()).isLessThanOrEqualTo(10);
    }

    private boolean observe(String rule, List<Observation> batch) {
        QuarkusTransaction.requiringNew().run(() -> detection.observe(rule, batch));
        return true;
    }

    private Observation seen(String value, int second) {
        return new Observation(application, "", value, value, START.plusSeconds(second));
    }

    private int remembered() throws SQLException {
        try (var connection = dataSource.getConnection();
                var query = connection.prepareStatement("select count(*) from observation where application = ?")) {
            query.setString(1, application);
            try (var row = query.executeQuery()) {
                row.next();
                return row.getInt(1);
            }
        }
    }
}
