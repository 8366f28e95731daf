package io.bulwark.kit.inbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Timeout.ThreadMode.SEPARATE_THREAD;

import io.agroal.api.AgroalDataSource;
import io.bulwark.kit.database.KitDatabase;
import io.bulwark.localstack.SharedServers;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class InboxTableTest {
    private static final LocalDate LONG_AGO = LocalDate.of(2020, 1, 1);
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
            addPartition(dataSource, LONG_AGO);
            var table = new InboxTable(dataSource, InstantSource.system());
            try (var dump = dataSource.getConnection();
                    var statement = dump.createStatement()) {
                dump.setAutoCommit(false);
                statement.execute("lock table inbox in access share mode");

                table.turnPartitions();

                assertThat(oldPartitions(dataSource)).isOne();
                assertThat(table.accept(List.of(new EventIdentity("/test", "1", LONG_AGO))))
                        .hasSize(1);
                dump.rollback();
                dump.setAutoCommit(true);
            }

            table.turnPartitions();

            assertThat(oldPartitions(dataSource)).isZero();
        }
    }

    private static void addPartition(AgroalDataSource dataSource, LocalDate day) throws SQLException {
        try (var connection = dataSource.getConnection();
                var statement = connection.createStatement()) {
            statement.execute("create table inbox_%s partition of inbox for values from ('%s') to ('%s')"
                    .formatted(day.format(DateTimeFormatter.BASIC_ISO_DATE), day, day.plusDays(1)));
        }
    }

    private static int oldPartitions(AgroalDataSource dataSource) throws SQLException {
        try (var connection = dataSource.getConnection();
                var statement = connection.createStatement();
                var result = statement.executeQuery(
                        "select count(*) from pg_class where relname ~ '^inbox_2020[0-9]{4}$'")) {
            result.next();
            return result.getInt(1);
        }
    }
}
