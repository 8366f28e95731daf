package io.bulwark.backup.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import io.bulwark.backup.BackupServers;
import io.bulwark.backup.TestStore;
import io.bulwark.backup.run.Api;
import io.bulwark.backup.run.Backups;
import io.bulwark.testkit.SuiteTest;
import io.bulwark.testkit.TestDatabase;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.test.common.WithTestResource;
import java.sql.SQLException;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@SuiteTest
@WithTestResource(BackupServers.class)
class DueBackupsTest {
    private final DueBackups due;
    private final Backups backups;

    DueBackupsTest(DueBackups due, Backups backups) {
        this.due = due;
        this.backups = backups;
    }

    @BeforeEach
    void start() throws SQLException {
        TestStore.running();
        Awaitility.await().until(() -> !isUnderway("bulwark"));
        try (var connection = TestDatabase.asSuperuser();
                var statement = connection.createStatement()) {
            statement.execute("delete from backup.backup where source = 'bulwark'");
        }
    }

    @Test
    void aNewSourceIsDueAtOnceAndNotAgain() {
        due.look();
        var first = latest("bulwark");
        due.look();

        assertThat(latest("bulwark")).isEqualTo(first);
        Awaitility.await().until(() -> !isUnderway("bulwark"));
        due.look();
        assertThat(latest("bulwark")).isEqualTo(first);
    }

    @Test
    void aSourceThatIsRegisteredAgainIsANewOne() {
        Api.register("moved", "gone", "any");
        due.look();
        var first = latest("moved");
        Awaitility.await().until(() -> !isUnderway("moved"));
        Api.admin().delete("/api/v1/sources/moved").then().statusCode(204);

        Api.register("moved", "gone", "any");
        due.look();

        assertThat(latest("moved")).isNotEqualTo(first);
    }

    private UUID latest(String source) {
        return QuarkusTransaction.requiringNew()
                .call(() -> backups.latest(source).orElseThrow().id());
    }

    private boolean isUnderway(String source) {
        return QuarkusTransaction.requiringNew().call(() -> backups.isUnderway(source));
    }
}
