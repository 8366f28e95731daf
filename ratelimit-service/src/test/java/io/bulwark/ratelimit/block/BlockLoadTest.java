package io.bulwark.ratelimit.block;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.agroal.api.AgroalDataSource;
import io.bulwark.kit.topic.TopicNames;
import io.bulwark.ratelimit.crowdsec.FreshLedgers;
import io.bulwark.testkit.SuiteTest;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.common.annotation.Identifier;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.jboss.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** What a replica that starts waits for. */
@SuiteTest
@EnabledIfSystemProperty(named = "bulwark.all", matches = "true")
class BlockLoadTest {
    private static final Logger LOG = Logger.getLogger(BlockLoadTest.class);
    private static final int BLOCKS = 100_000;

    @Inject
    AgroalDataSource dataSource;

    @Inject
    TopicNames names;

    @Inject
    @Identifier("default-kafka-broker")
    Map<String, Object> kafka;

    @Test
    void aHundredThousandBlocksAreKnownWithinThreeSecondsOfTheStart() throws SQLException {
        execute("""
                insert into block (id, target, application, reason, author, blocked_at, until, version)
                select gen_random_uuid(), cast('198.0.0.0' as inet) + n, 'load', 'test', 'ann', now(),
                    now() + interval '1 day', 1 from generate_series(1, %d) as n""".formatted(BLOCKS));
        for (var run = 1; run <= 3; run++) {
            var table = new BlockTable();
            var ledgers = FreshLedgers.make();
            var feed = new BlockFeed(
                    table,
                    List.of(ledgers),
                    dataSource,
                    InstantSource.system(),
                    kafka,
                    names,
                    new SimpleMeterRegistry());
            var start = System.nanoTime();
            feed.start(new StartupEvent());
            await().pollInterval(Duration.ofMillis(5)).until(feed::isLoaded);
            var took = Duration.ofNanos(System.nanoTime() - start);
            feed.stop(new ShutdownEvent());
            LOG.infof("%d blocks loaded in %d ms, run %d", table.size(), took.toMillis(), run);

            assertThat(table.size()).isGreaterThanOrEqualTo(BLOCKS);
            assertThat(ledgers.held()).isGreaterThanOrEqualTo(BLOCKS);
            // the figure is what is printed; a machine may be busy
            assertThat(took).isLessThan(Duration.ofSeconds(30));
        }
    }

    @AfterEach
    void forget() throws SQLException {
        execute("delete from block where application = 'load'");
    }

    private void execute(String sql) throws SQLException {
        try (var connection = dataSource.getConnection();
                var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
