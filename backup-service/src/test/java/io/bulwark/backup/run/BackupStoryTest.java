package io.bulwark.backup.run;

import static io.bulwark.backup.run.Api.admin;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.bulwark.backup.BackupServers;
import io.bulwark.backup.TestStore;
import io.bulwark.backup.seal.BackupSeal;
import io.bulwark.backup.store.BackupStore;
import io.bulwark.events.AuditEvent.ActionRecorded;
import io.bulwark.events.BackupEvent.BackupCompleted;
import io.bulwark.events.BackupEvent.BackupFailed;
import io.bulwark.events.Topic;
import io.bulwark.localstack.PostgresAccess;
import io.bulwark.testkit.EventProbe;
import io.bulwark.testkit.SuiteTest;
import io.bulwark.testkit.TestDatabase;
import io.quarkus.test.common.WithTestResource;
import io.restassured.RestAssured;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@SuiteTest
@WithTestResource(BackupServers.class)
class BackupStoryTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String WRONG_PASSWORD = "not-the-password-4711";

    private final BackupStore store;
    private final BackupSeal seal;
    private EventProbe events;

    BackupStoryTest(BackupStore store, BackupSeal seal) {
        this.store = store;
        this.seal = seal;
    }

    @BeforeAll
    static void prepare() throws SQLException {
        assumeTrue(Api.areToolsThere(), "pg_dump is not installed: backups are not tested here");
        TestStore.running();
        ShopDatabase.create();
    }

    @BeforeEach
    void open() {
        TestStore.running();
        events = EventProbe.on(Topic.BACKUPS);
    }

    @AfterEach
    void close() {
        events.close();
    }

    @Test
    void aDatabaseIsBackedUpAndRestoresFromItsBackup() throws Exception {
        Api.register("orders", ShopDatabase.NAME, dumpPassword());

        var id = Api.request("orders");

        var done = events.await(BackupCompleted.class, event -> event.backupId().equals(id));
        var backup = Api.backup(id);
        assertThat(done.application()).isEqualTo("shop");
        assertThat(backup.getString("status")).isEqualTo("completed");
        assertThat(backup.getBoolean("verified")).isTrue();
        assertThat(backup.getString("sha256")).isEqualTo(done.data().sha256());
        assertThat(backup.getString("location")).isEqualTo(done.data().location());
        assertThat(backup.getLong("size")).isEqualTo(done.data().size()).isGreaterThan(TestStore.PART);
        assertThat(backup.getLong("dumpSize")).isGreaterThan(backup.getLong("size"));
        assertThat(backup.getInt("tables")).isEqualTo(2);
        assertThat(Files.size(TestStore.file(Api.key(backup))))
                .isEqualTo(done.data().size());

        restore(id, Api.key(backup));
        assertThat(ShopDatabase.count(ShopDatabase.RESTORED, "purchase")).isEqualTo(ShopDatabase.ORDERS);
        assertThat(ShopDatabase.count(ShopDatabase.RESTORED, "customer")).isEqualTo(50);
    }

    @Test
    void theSuitesOwnDatabaseIsASourceFromTheStart() {
        var id = Api.request("bulwark");

        var done = events.await(BackupCompleted.class, event -> event.backupId().equals(id));
        assertThat(done.application()).isEqualTo("bulwark");
        assertThat(done.data().source()).isEqualTo("bulwark");
        admin().get("/api/v1/backups?source=bulwark&status=completed")
                .then()
                .statusCode(200)
                .body("items.id", hasItem(id));
        await().atMost(PATIENCE)
                .untilAsserted(
                        () -> assertThat(RestAssured.given().get("/q/metrics").asString())
                                .contains("backup_last_success_timestamp{source=\"bulwark\"}")
                                .contains("backup_runs_total{outcome=\"completed\"}"));
    }

    @Test
    void askingIsRecordedInTheAuditTrail() {
        try (var trail = EventProbe.on(Topic.AUDIT_TRAIL)) {
            var id = Api.request("bulwark");

            var entry =
                    trail.await(ActionRecorded.class, action -> action.action().equals("backup.request"));
            assertThat(entry.data().target()).isEqualTo("bulwark");
            assertThat(entry.data().details()).containsEntry("backup", id);
            finish(id);
        }
    }

    @Test
    void aChangedObjectIsFoundWhenItIsReadBackAgain() throws IOException {
        var id = Api.request("bulwark");
        events.await(BackupCompleted.class, event -> event.backupId().equals(id));
        verify(id);
        await().atMost(PATIENCE)
                .untilAsserted(() ->
                        assertThat(Api.backup(id).getString("verification")).isEqualTo("passed"));

        flipAByte(TestStore.file(Api.key(Api.backup(id))));
        verify(id);

        var failed = events.await(BackupFailed.class, event -> event.backupId().equals(id));
        assertThat(failed.data().step()).isEqualTo("verify");
        assertThat(failed.data().reason()).contains("is not what was written");
        assertThat(Api.backup(id).getString("status")).isEqualTo("failed");
        assertThat(Api.backup(id).getBoolean("verified")).isFalse();
    }

    @Test
    void aMissingObjectIsFoundWhenItIsReadBackAgain() throws IOException {
        var id = Api.request("bulwark");
        events.await(BackupCompleted.class, event -> event.backupId().equals(id));

        Files.delete(TestStore.file(Api.key(Api.backup(id))));
        verify(id);

        var failed = events.await(BackupFailed.class, event -> event.backupId().equals(id));
        assertThat(failed.data().reason()).contains("no such object");
    }

    @Test
    void aStoreThatIsAwayIsNamedAndChangesNothingThatIsStored() {
        var good = Api.request("bulwark");
        events.await(BackupCompleted.class, event -> event.backupId().equals(good));
        TestStore.running().kill();

        var id = Api.request("bulwark");
        verify(good);

        var failed = events.await(BackupFailed.class, event -> event.backupId().equals(id));
        assertThat(failed.data().step()).isEqualTo("store");
        assertThat(failed.data().reason()).contains("cannot be reached");
        await().atMost(PATIENCE)
                .untilAsserted(() ->
                        assertThat(Api.backup(good).getString("verification")).isEqualTo("inconclusive"));
        assertThat(Api.backup(good).getString("status")).isEqualTo("completed");
    }

    @Test
    void aWrongPasswordIsNamedButNotShown() {
        Api.register("locked-out", ShopDatabase.NAME, WRONG_PASSWORD);
        try (var log = new LogProbe()) {
            var id = Api.request("locked-out");

            var failed =
                    events.await(BackupFailed.class, event -> event.backupId().equals(id));
            assertThat(failed.data().step()).isEqualTo("dump");
            assertThat(failed.data().reason())
                    .contains("password authentication failed")
                    .doesNotContain(WRONG_PASSWORD);
            assertThat(Api.backup(id).getString("status")).isEqualTo("failed");
            assertThat(log.lines()).isNotEmpty().noneMatch(line -> line.contains(WRONG_PASSWORD));
        }
    }

    @Test
    void aKilledDumpFailsAndLeavesNothingBehind() throws Exception {
        Api.register("killed", ShopDatabase.NAME, dumpPassword());
        String id;
        try (var locked = ShopDatabase.lockTable()) {
            id = Api.request("killed");
            var dump = await().atMost(PATIENCE)
                    .until(RunningDump::all, found -> !found.isEmpty())
                    .getFirst();
            RunningDump.assertThatItsPasswordFileIsPrivate();
            RunningDump.assertThatNobodySees(dumpPassword(), dump);

            dump.destroyForcibly();
            locked.rollback();
        }

        var failed = events.await(BackupFailed.class, event -> event.backupId().equals(id));
        assertThat(failed.data().reason()).isEqualTo("pg_dump was killed by signal 9");
        assertThat(TestStore.file("shop/killed")).doesNotExist();
        assertThat(RunningDump.passwordFiles()).isEmpty();
    }

    @Test
    void aDatabaseWithNothingInItIsNoBackup() {
        Api.register("empty", ShopDatabase.EMPTY, dumpPassword());

        var id = Api.request("empty");

        var failed = events.await(BackupFailed.class, event -> event.backupId().equals(id));
        assertThat(failed.data().step()).isEqualTo("verify");
        assertThat(failed.data().reason()).contains("holds nothing");
    }

    @Test
    void whoAsksWhileOneWaitsGetsThatOne() throws Exception {
        Api.register("busy", ShopDatabase.NAME, dumpPassword());
        List<String> ids = new ArrayList<>();
        try (var locked = ShopDatabase.lockTable()) {
            ids.add(Api.request("busy"));
            await().atMost(PATIENCE).until(RunningDump::all, found -> !found.isEmpty());
            ids.add(Api.request("busy"));
            ids.add(Api.request("busy"));
            assertThat(Api.backup(ids.get(1)).getString("step")).isEqualTo("queued");
            locked.rollback();
        }

        assertThat(ids.get(1)).isEqualTo(ids.get(2)).isNotEqualTo(ids.get(0));
        for (var id : ids.subList(0, 2)) {
            events.await(BackupCompleted.class, event -> event.backupId().equals(id));
        }
    }

    private void finish(String id) {
        await().atMost(PATIENCE).until(() -> Api.backup(id).getString("status"), status -> !status.equals("running"));
    }

    private static void verify(String id) {
        admin().post("/api/v1/backups/" + id + "/verify")
                .then()
                .statusCode(202)
                .body("verification", equalTo("requested"));
    }

    private void restore(String id, String key) throws Exception {
        var server = ShopDatabase.server();
        var command = List.of(
                "pg_restore",
                "--exit-on-error",
                "--no-owner",
                "--no-acl",
                "--host=127.0.0.1",
                "--port=" + server.port(),
                "--username=" + PostgresAccess.SUPERUSER,
                "--dbname=" + ShopDatabase.RESTORED);
        var builder = new ProcessBuilder(command).inheritIO().redirectInput(ProcessBuilder.Redirect.PIPE);
        builder.environment().put("PGPASSWORD", server.superuserPassword());
        var process = builder.start();
        try (var dump = seal.opening(store.open(key), id, key);
                var input = process.getOutputStream()) {
            dump.transferTo(input);
        }
        assertThat(process.waitFor()).isZero();
    }

    private static void flipAByte(Path file) throws IOException {
        var bytes = Files.readAllBytes(file);
        bytes[bytes.length / 2] ^= 1;
        Files.write(file, bytes);
    }

    private static String dumpPassword() {
        return TestDatabase.dumpPassword();
    }
}
