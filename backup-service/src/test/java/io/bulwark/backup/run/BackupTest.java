package io.bulwark.backup.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bulwark.backup.run.Backup.Status;
import io.bulwark.backup.run.Backup.Verification;
import io.bulwark.kit.problem.Problem;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class BackupTest {
    private static final Instant NOW = Instant.parse("2026-03-01T06:00:00Z");
    private static final Stored STORED = new Stored("15.18", NOW, 10, 20, "ab");
    private static final Proof PROOF = new Proof(3, 2);

    private final Backup backup = new Backup("orders", "shop", "somebody", NOW);

    @Test
    void itsKeyTellsWhoseItIsAndFromWhen() {
        assertThat(backup.objectKey())
                .isEqualTo("shop/orders/2026/03/01/20260301T060000Z-" + backup.id() + ".dump.zst.enc");
    }

    @Test
    void completedMeansVerified() {
        backup.begin(NOW);

        var event = backup.complete(STORED, PROOF, "s3://b/k", NOW.plusSeconds(5));

        assertThat(backup.status()).isEqualTo(Status.COMPLETED);
        assertThat(backup.verifiedAt()).isEqualTo(NOW.plusSeconds(5));
        assertThat(event.duration()).isEqualTo(Duration.ofSeconds(5));
        assertThat(event.size()).isEqualTo(10);
    }

    @Test
    void whatIsFoundBrokenNoLongerCounts() {
        complete();
        backup.requestVerification();
        backup.beginVerification();

        var event = backup.disprove("changed");

        assertThat(backup.isFailed()).isTrue();
        assertThat(event.step()).isEqualTo("verify");
    }

    @Test
    void whatCouldNotBeReadCountsAsBefore() {
        complete();
        backup.requestVerification();
        backup.beginVerification();

        backup.leaveUnverified("the store is away");

        assertThat(backup.status()).isEqualTo(Status.COMPLETED);
        assertThat(backup.verification()).isEqualTo(Verification.INCONCLUSIVE);
    }

    @Test
    void whatWasNeverStoredCannotBeReadBack() {
        backup.begin(NOW);
        backup.fail(Step.DUMP, "no", NOW);

        assertThatThrownBy(backup::requestVerification)
                .isInstanceOfSatisfying(
                        Problem.class, problem -> assertThat(problem.status()).isEqualTo(409));
    }

    @Test
    void whereItFailedStaysWhateverItsWorkerStillReaches() {
        backup.begin(NOW);
        backup.fail(Step.DUMP, "interrupted", NOW);

        backup.reach(Step.VERIFY);

        assertThat(backup.step()).isEqualTo(Step.DUMP);
    }

    private void complete() {
        backup.begin(NOW);
        backup.complete(STORED, PROOF, "s3://b/k", NOW);
    }
}
