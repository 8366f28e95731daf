package io.bulwark.backup.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.bulwark.backup.BackupServers;
import io.bulwark.testkit.SuiteTest;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.test.common.WithTestResource;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import org.junit.jupiter.api.Test;

@SuiteTest
@WithTestResource(BackupServers.class)
class BackupsTest {
    private final Backups backups;

    BackupsTest(Backups backups) {
        this.backups = backups;
    }

    @Test
    void aBackupOfWhatHadTheNameBeforeIsNoSuccessOfItsSource() {
        complete("renamed", Instant.now().minus(Duration.ofDays(1)));
        Api.register("renamed", "gone", "any");
        assertThat(successful()).doesNotContain("renamed");

        complete("renamed", Instant.now());

        assertThat(successful()).contains("renamed");
    }

    private void complete(String source, Instant when) {
        var backup = new Backup(source, "shop", "test", when);
        backup.begin(when);
        backup.complete(new Stored("15.18", when, 10, 20, "ab"), new Proof(3, 2), "s3://b/k", when);
        QuarkusTransaction.requiringNew().run(() -> backups.persist(backup));
    }

    private Set<String> successful() {
        return QuarkusTransaction.requiringNew()
                .call(() -> backups.lastSuccesses().keySet());
    }
}
