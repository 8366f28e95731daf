package io.bulwark.ratelimit.database;

import static org.assertj.core.api.Assertions.assertThat;

import io.bulwark.testkit.SuiteTest;
import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

@SuiteTest
class DatabaseTest {
    private static final Instant LONG_AGO = Instant.parse("2001-03-01T12:00:00Z");

    @Inject
    Database database;

    @Test
    void whatIsOldIsForgottenButForWhatSomebodyHolds() {
        add("203.0.113.1", LONG_AGO.minusSeconds(1));
        add("203.0.113.2", LONG_AGO.minusSeconds(1));
        add("203.0.113.3", LONG_AGO);

        QuarkusTransaction.requiringNew().run(() -> {
            database.query(
                    "select target from offence where application = 'pruned' and target = '203.0.113.2' for update",
                    row -> row);
            database.prune("offence", "until", LONG_AGO);
        });

        assertThat(database.query(
                        "select host(target) from offence where application = 'pruned' order by target",
                        row -> row.getString(1)))
                .containsExactly("203.0.113.2", "203.0.113.3");
        database.prune("offence", "until", LONG_AGO.plus(Duration.ofDays(1)));
    }

    private void add(String target, Instant until) {
        database.update(
                "insert into offence (target, application, count, until) values (?::cidr, 'pruned', 1, ?)",
                target,
                until);
    }
}
