package io.bulwark.incident.detection;

import static org.assertj.core.api.Assertions.assertThat;

import io.agroal.api.AgroalDataSource;
import io.bulwark.incident.incident.Incidents;
import io.bulwark.incident.rule.Rule;
import io.bulwark.incident.rule.Rules;
import io.bulwark.testkit.SuiteTest;
import io.quarkus.narayana.jta.QuarkusTransaction;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Reports of long ago together with what happens now. */
@SuiteTest
class DistantTimesTest {
    private static final int REMEMBERED = 10_000;

    private final AtomicInteger read = new AtomicInteger();
    private final AgroalDataSource dataSource;
    private final TimeBounds bounds;
    private final Rules rules;
    private final Incidents incidents;
    private final InstantSource clock;

    DistantTimesTest(
            AgroalDataSource dataSource, TimeBounds bounds, Rules rules, Incidents incidents, InstantSource clock) {
        this.dataSource = dataSource;
        this.bounds = bounds;
        this.rules = rules;
        this.incidents = incidents;
        this.clock = clock;
    }

    @Test
    void readNothingOfWhatIsRememberedInBetween() throws SQLException {
        var application = "app-" + UUID.randomUUID().toString().substring(0, 8);
        var now = clock.instant();
        remember(application, now);
        var detection = new Detection(counting(), bounds, rules, incidents, clock);

        QuarkusTransaction.requiringNew()
                .run(() -> detection.observe(
                        Rule.FAILED_LOGINS,
                        Stream.of(now, now.minus(Duration.ofDays(20)))
                                .map(time -> new Observation(application, "", "at " + time, "203.0.113.7", time))
                                .toList()));

        assertThat(read.get()).isBetween(1, 20);
    }

    private Memory counting() {
        return new Memory(new Jdbc(dataSource)) {
            @Override
            List<Presence> presences(Group group, Instant from, Instant to, Duration window) {
                var found = super.presences(group, from, to, window);
                read.addAndGet(found.size());
                return found;
            }
        };
    }

    /** Failed logins of more than a week, each after the window of the one before. */
    private void remember(String application, Instant now) throws SQLException {
        try (var connection = dataSource.getConnection();
                var insert = connection.prepareStatement("""
                        insert into observation
                            (rule, application, scope, value, subject, first_seen, last_seen, recorded_at)
                        select ?, ?, '', i::text, '203.0.113.7', time, time, now()
                        from generate_series(0, ?) i, lateral (select ?::timestamptz - i * interval '61 s') t (time)""")) {
            insert.setString(1, Rule.FAILED_LOGINS);
            insert.setString(2, application);
            insert.setInt(3, REMEMBERED);
            insert.setObject(4, now.atOffset(ZoneOffset.UTC));
            insert.executeUpdate();
        }
    }
}
