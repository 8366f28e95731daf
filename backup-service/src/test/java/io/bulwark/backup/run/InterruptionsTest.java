package io.bulwark.backup.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.bulwark.backup.BackupServers;
import io.bulwark.backup.TestStore;
import io.bulwark.events.BackupEvent.BackupCompleted;
import io.bulwark.events.BackupEvent.BackupFailed;
import io.bulwark.events.Topic;
import io.bulwark.testkit.EventProbe;
import io.bulwark.testkit.SuiteTest;
import io.bulwark.testkit.TestDatabase;
import io.quarkus.test.common.WithTestResource;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.sql.SQLException;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.Objects;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@SuiteTest
@WithTestResource(BackupServers.class)
class InterruptionsTest {
    private final Interruptions interruptions;
    private EventProbe events;

    InterruptionsTest(Interruptions interruptions) {
        this.interruptions = interruptions;
    }

    @BeforeEach
    void open() {
        TestStore.running();
        events = EventProbe.on(Topic.BACKUPS);
    }

    @AfterEach
    void close() throws SQLException {
        events.close();
        ShopDatabase.execute(database(), "delete from backup.backup where source = 'elsewhere'");
    }

    @Test
    void whatNobodyWorksOnFailsAndLivingRunsAreLeftAlone() throws Exception {
        assumeTrue(Api.areToolsThere(), "pg_dump is not installed: no backup runs here");
        ShopDatabase.create();
        Api.register("alive", ShopDatabase.NAME, TestDatabase.dumpPassword());
        try (var locked = ShopDatabase.lockTable()) {
            var alive = Api.request("alive");
            var owner = await().until(() -> lease(alive, "lease_owner", UUID.class), Objects::nonNull);
            var renewedUntil = lease(alive, "lease_until", OffsetDateTime.class);
            var elsewhere = insertRun("elsewhere", UUID.randomUUID(), "1 hour");
            var dead = insertRun("dead", UUID.randomUUID(), "-1 second");
            var forgotten = insertRun("forgotten", owner, "-1 second");

            interruptions.beat();

            assertThat(awaitFailure(dead).reason()).contains("interrupted");
            assertThat(awaitFailure(forgotten).reason()).contains("interrupted");
            await().until(() -> lease(alive, "lease_until", OffsetDateTime.class), renewedUntil::isBefore);
            assertThat(Api.backup(alive).getString("status")).isEqualTo("running");
            assertThat(Api.backup(elsewhere).getString("status")).isEqualTo("running");
            locked.rollback();
            events.await(BackupCompleted.class, event -> event.backupId().equals(alive));
        }
    }

    @Test
    void aStoreThatDoesNotAnswerKeepsNoLeaseFromBeingRenewed() throws Exception {
        var port = URI.create(TestStore.running().access().endpoint()).getPort();
        TestStore.running().kill();
        try (var silent = new ServerSocket(port, 50, InetAddress.getLoopbackAddress())) {
            silent.setSoTimeout(20_000);
            var dead = insertRun("dead", UUID.randomUUID(), "-1 second");

            assertTimeoutPreemptively(Duration.ofSeconds(10), interruptions::beat);

            awaitFailure(dead);
            silent.accept().close();
        }
    }

    private BackupFailed awaitFailure(String id) {
        return events.await(BackupFailed.class, event -> event.backupId().equals(id))
                .data();
    }

    private static String insertRun(String source, UUID owner, String leaseEnds) throws SQLException {
        var id = UUID.randomUUID().toString();
        ShopDatabase.execute(database(), """
                insert into backup.backup (id, source, application, requested_at, requested_by, status, step, started_at,
                    object_key, lease_owner, lease_until)
                values ('%s', '%s', 'shop', now(), 'test', 'RUNNING', 'DUMP', now(), '%s', '%s',
                    clock_timestamp() + interval '%s')""".formatted(id, source, id, owner, leaseEnds));
        return id;
    }

    private static <T> T lease(String id, String column, Class<T> type) throws SQLException {
        try (var connection = TestDatabase.asSuperuser();
                var statement = connection.createStatement();
                var row =
                        statement.executeQuery("select %s from backup.backup where id = '%s'".formatted(column, id))) {
            row.next();
            return row.getObject(1, type);
        }
    }

    private static String database() {
        return TestDatabase.url().replaceAll(".*/", "");
    }
}
