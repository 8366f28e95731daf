package io.bulwark.backup.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import io.bulwark.backup.BackupServers;
import io.bulwark.backup.TestStore;
import io.bulwark.backup.run.Backups;
import io.bulwark.testkit.SuiteTest;
import io.bulwark.testkit.TestDatabase;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.test.common.WithTestResource;
import java.sql.SQLException;
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
        Awaitility.await().until(() -> !isUnderway());
        try (var connection = TestDatabase.asSuperuser();
                var statement = connection.createStatement()) {
            statement.execute("delete from backup.backup where source = 'bulwark'");
        }
    }

    @Test
    void aNewSourceIsDueAtOnceAndNotAgain() {
        due.look();
        var first = latest();
        due.look();

        assertThat(latest()).isEqualTo(first);
        Awaitility.await().until(() -> !isUnderway());
        due.look();
        assertThat(latest()).isEqualTo(first);
    }

    private Object latest() {
        return QuarkusTransaction.requiringNew()
                .call(() -> backups.latest("bulwark").orElseThrow().id());
    }

    private boolean isUnderway() {
        return QuarkusTransaction.requiringNew().call(() -> backups.isUnderway("bulwark"));
    }
}
