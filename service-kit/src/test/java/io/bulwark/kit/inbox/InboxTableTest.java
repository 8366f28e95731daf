package io.bulwark.kit.inbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Timeout.ThreadMode.SEPARATE_THREAD;

import io.agroal.api.AgroalDataSource;
import io.bulwark.kit.database.KitDatabase;
import io.bulwark.localstack.SharedServers;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class InboxTableTest {
    private static final LocalDate LONG_AGO = LocalDate.of(2020, 1, 1);
    private static final String READ = "lock table inbox in access share mode";
    private static final int DAYS = 30;
    private static final int REPLICAS = 4;

    @Test
    void replicasThatStartTogetherDropOldPartitionsTogether() throws Exception {
        var servers = SharedServers.acquire(Path.of(System.getProperty("bulwark.root")));
        try (var dataSource = KitDatabase.open(servers.postgres(), "test_inbox");
                var replicas = Executors.newFixedThreadPool(REPLICAS)) {
            for (var i = 0; i < DAYS; i++) {
                addPartition(dataSource, LONG_AGO.plusDays(i));
            }
            var table = new InboxTable(dataSource, InstantSource.system());
            var together = new CyclicBarrier(REPLICAS);
            Callable<Void> start = () -> {
                together.await();
                table.turnPartitions();
                return null;
            };

            for (var turn : replicas.invokeAll(Collections.nCopies(REPLICAS, start), 30, TimeUnit.SECONDS)) {
                turn.get();
            }
            assertThat(oldPartitions(dataSource)).isZero();
        }
    }

    @Test
    @Timeout(value = 30, threadMode = SEPARATE_THREAD)
    void whatIsConsumedDoesNotWaitForWhoeverReadsTheTable() throws Exception {
        var servers = SharedServers.acquire(Path.of(System.getProperty("bulwark.root")));
        try (var dataSource = KitDatabase.open(servers.postgres(), "test_inbox_read")) {
            var table = new InboxTable(dataSource, InstantSource.system());
            turnWhileRead(table, dataSource);
            assertThat(comingPartitions(dataSource)).as("none is made").isZero();

            table.turnPartitions();
            assertThat(comingPartitions(dataSource)).isEqualTo(4);

            addPartition(dataSource, LONG_AGO);
            turnWhileRead(table, dataSource);
            assertThat(oldPartitions(dataSource)).as("none is dropped").isOne();

            table.turnPartitions();
            assertThat(oldPartitions(dataSource)).isZero();
        }
    }

    @Test
    @Timeout(value = 30, threadMode = SEPARATE_THREAD)
    void whatBrokeTheConnectionIsTold() throws Exception {
        var servers = SharedServers.acquire(Path.of(System.getProperty("bulwark.root")));
        try (var dataSource = KitDatabase.open(servers.postgres(), "test_inbox_broken");
                var dump = dataSource.getConnection();
                var reading = dump.createStatement();
                var administrator = Executors.newSingleThreadExecutor()) {
            var table = new InboxTable(dataSource, InstantSource.system());
            dump.setAutoCommit(false);
            reading.execute(READ);
            var end = administrator.submit(() -> endWhoeverWaits(dataSource));

            assertThatThrownBy(() -> {
                        while (true) {
                            table.turnPartitions();
                        }
                    })
                    .hasMessageContaining("terminating connection due to administrator command");
            end.get();
        }
    }

    @Test
    void rowsThatCameBeforeTheirPartitionKeepOnlyTheirDayFromHavingOne() throws Exception {
        var servers = SharedServers.acquire(Path.of(System.getProperty("bulwark.root")));
        try (var dataSource = KitDatabase.open(servers.postgres(), "test_inbox_late")) {
            var table = new InboxTable(dataSource, InstantSource.system());
            table.accept(List.of(event(LocalDate.now(ZoneOffset.UTC))));

            table.turnPartitions();

            assertThat(comingPartitions(dataSource)).isEqualTo(3);
        }
    }

    private static EventIdentity event(LocalDate day) {
        return new EventIdentity("/test", UUID.randomUUID().toString(), day);
    }

    private static void turnWhileRead(InboxTable table, AgroalDataSource dataSource) throws SQLException {
        try (var dump = dataSource.getConnection();
                var statement = dump.createStatement()) {
            dump.setAutoCommit(false);
            statement.execute(READ);

            table.turnPartitions();

            assertThat(table.accept(List.of(event(LONG_AGO.minusDays(1))))).hasSize(1);
            dump.rollback();
            dump.setAutoCommit(true);
        }
    }

    private static void addPartition(AgroalDataSource dataSource, LocalDate day) throws SQLException {
        try (var connection = dataSource.getConnection();
                var statement = connection.createStatement()) {
            statement.execute("create table inbox_%s partition of inbox for values from ('%s') to ('%s')"
                    .formatted(day.format(DateTimeFormatter.BASIC_ISO_DATE), day, day.plusDays(1)));
        }
    }

    private static @Nullable Void endWhoeverWaits(AgroalDataSource dataSource) throws SQLException {
        while (count(dataSource, """
                select count(pg_terminate_backend(pid)) from pg_stat_activity
                where datname = current_database() and wait_event_type = 'Lock'""") == 0) {
            Thread.onSpinWait();
        }
        return null;
    }

    private static int comingPartitions(AgroalDataSource dataSource) throws SQLException {
        return count(
                dataSource,
                "select count(*) from pg_class where relname ~ '^inbox_[0-9]{8}$' and relname > 'inbox_2021'");
    }

    private static int oldPartitions(AgroalDataSource dataSource) throws SQLException {
        return count(dataSource, "select count(*) from pg_class where relname ~ '^inbox_2020[0-9]{4}$'");
    }

    private static int count(AgroalDataSource dataSource, String query) throws SQLException {
        try (var connection = dataSource.getConnection();
                var statement = connection.createStatement();
                var result = statement.executeQuery(query)) {
            result.next();
            return result.getInt(1);
        }
    }
}
