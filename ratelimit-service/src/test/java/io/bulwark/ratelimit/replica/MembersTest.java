package io.bulwark.ratelimit.replica;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class MembersTest {
    private static final long SELF = 1;
    private static final long OTHER = 3;

    private final Members members = new Members(SELF, Duration.ofSeconds(3));
    private long offset;

    @Test
    void oneThatSaysNothingForTooLongIsMissed() {
        heard(OTHER, 0);
        for (var millis = 0; millis <= 3_000; millis += 1_000) {
            heard(SELF, millis);
            assertThat(members.silent()).isZero();
        }

        heard(SELF, 4_000);

        assertThat(members.silent()).isEqualTo(OTHER);
    }

    @Test
    void oneThatWasStoppedItselfMissesNobody() {
        heard(OTHER, 0);
        heard(SELF, 0);

        assertThat(members.silent()).isZero();
        heard(SELF, 10_000); // what the other has said meanwhile is read only now
        assertThat(members.silent()).isZero();
        heard(OTHER, 10_001);
        heard(SELF, 11_000);
        assertThat(members.silent()).isZero();
    }

    @Test
    void afterAStopOneThatIsGoneIsMissedAllTheSame() {
        heard(OTHER, 0);
        heard(SELF, 0);
        for (var millis = 10_000; millis <= 14_000; millis += 1_000) {
            heard(SELF, millis);
        }

        assertThat(members.silent()).isEqualTo(OTHER);
    }

    private void heard(long replica, long millis) {
        var batch = new UsageBatch(replica, 1, 0, 0, offset, 0, false);
        members.heard(batch, offset++, TimeUnit.MILLISECONDS.toNanos(millis));
    }
}
