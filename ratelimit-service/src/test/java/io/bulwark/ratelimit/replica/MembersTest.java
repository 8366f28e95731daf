package io.bulwark.ratelimit.replica;

import static org.assertj.core.api.Assertions.assertThat;

import io.bulwark.ratelimit.replica.Members.News;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class MembersTest {
    private static final long SELF = 1;
    private static final long OTHER = 3;
    private static final long THIRD = 5;

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

    @Test
    void oneThatJoinsHasAShareOnceAllHaveReadOfIt() {
        assertThat(heard(OTHER, 0)).isEqualTo(News.AGREED);
        assertThat(heard(SELF, 0)).isEqualTo(News.CHANGED);
        var joined = offset - 1;
        assertThat(hasRead(OTHER, joined)).isEqualTo(News.NONE); // gathered before it had read so
        assertThat(hasRead(OTHER, joined + 1)).isEqualTo(News.NONE);
        assertThat(members.isActive()).isFalse();

        assertThat(hasRead(SELF, joined + 1)).isEqualTo(News.AGREED);

        assertThat(members.isActive()).isTrue();
    }

    @Test
    void whoHasAShareKeepsItWhileOthersComeAndGo() {
        heard(SELF, 0);
        assertThat(heard(OTHER, 0)).isEqualTo(News.CHANGED);
        assertThat(members.isActive()).isTrue();
        hasRead(SELF, offset);
        assertThat(heard(THIRD, 0)).isEqualTo(News.CHANGED); // before the others have agreed
        var last = offset - 1;
        assertThat(hasRead(OTHER, last)).isEqualTo(News.NONE);
        hasRead(SELF, last + 1);
        hasRead(THIRD, last + 1);

        assertThat(hasRead(OTHER, last + 1)).isEqualTo(News.AGREED);
    }

    @Test
    void oneThatIsLeftAloneAgreesWithItself() {
        heard(SELF, 0);
        heard(OTHER, 0);

        assertThat(members.heard(new UsageBatch(OTHER, 2, 0, 0, offset, 0, true), offset++, 0))
                .isEqualTo(News.AGREED);

        assertThat(members.isActive()).isTrue();
    }

    @Test
    void oneThatWasMissedHasNoShareBeforeAllAgreeAnew() {
        heard(SELF, 0);
        heard(OTHER, 0);
        hasRead(SELF, offset);
        assertThat(hasRead(OTHER, offset)).isEqualTo(News.AGREED);
        members.heard(new UsageBatch(OTHER, 3, 0, 0, offset, SELF, false), offset++, 0);
        assertThat(members.isActive()).isFalse();

        assertThat(heard(SELF, 1)).isEqualTo(News.CHANGED);
        assertThat(hasRead(OTHER, offset)).isEqualTo(News.NONE);
        assertThat(hasRead(SELF, offset)).isEqualTo(News.AGREED);

        assertThat(members.isActive()).isTrue();
    }

    private News heard(long replica, long millis) {
        return heard(replica, offset, millis);
    }

    private News hasRead(long replica, long read) {
        return heard(replica, read, 0);
    }

    private News heard(long replica, long read, long millis) {
        var batch = new UsageBatch(replica, 1, 0, 0, read, 0, false);
        return members.heard(batch, offset++, TimeUnit.MILLISECONDS.toNanos(millis));
    }
}
