package io.bulwark.ratelimit.block;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bulwark.kit.net.Network;
import io.bulwark.ratelimit.prefix.Scope;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class BlockTest {
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
    private static final Duration DAY = Duration.ofDays(1);

    @Test
    void aLongerOrderLengthensItAndSaysWhoseItIsNow() {
        var block = new Block(order("ann", "scans", NOW, DAY), 1, NOW);
        var before = block.version();

        assertThat(block.renew(order("bob", "attacks", NOW, DAY.multipliedBy(2)), 1, NOW))
                .isTrue();

        assertThat(block.until()).isEqualTo(NOW.plus(DAY.multipliedBy(2)));
        assertThat(block.author()).isEqualTo("bob");
        assertThat(block.reason()).isEqualTo("attacks");
        assertThat(block.version()).isGreaterThan(before);
    }

    @Test
    void aShorterOrderChangesNothing() {
        var block = new Block(order("ann", "scans", NOW, DAY), 1, NOW);
        var before = block.version();

        assertThat(block.renew(order("bob", "attacks", NOW, Duration.ofHours(1)), 1, NOW))
                .isFalse();

        assertThat(block.until()).isEqualTo(NOW.plus(DAY));
        assertThat(block.author()).isEqualTo("ann");
        assertThat(block.version()).isEqualTo(before);
    }

    @Test
    void theSameOrderTriedAgainChangesNothing() {
        var block = new Block(order("ann", "scans", NOW, DAY), 1, NOW);
        var soon = NOW.plusSeconds(90);

        assertThat(block.renew(order("ann", "scans", soon, DAY), 1, soon)).isFalse();
    }

    @Test
    void theSameOrderMuchLaterLengthensIt() {
        var block = new Block(order("ann", "scans", NOW, DAY), 1, NOW);
        var later = NOW.plusSeconds(301);

        assertThat(block.renew(order("ann", "scans", later, DAY), 1, later)).isTrue();
    }

    @Test
    void aShortBlockIsRenewedSooner() {
        var block = new Block(order("ann", "scans", NOW, Duration.ofSeconds(10)), 1, NOW);

        assertThat(block.renew(
                        order("ann", "scans", NOW.plusSeconds(2), Duration.ofSeconds(10)), 1, NOW.plusSeconds(2)))
                .isTrue();
    }

    @Test
    void endingIsFinalUntilItBeginsAnew() {
        var block = new Block(order("ann", "scans", NOW, DAY), 1, NOW);
        var begun = block.version();

        var ended = block.end("mistake", "bob", NOW, NOW).orElseThrow();

        assertThat(ended.version()).isGreaterThan(begun);
        assertThat(ended.author()).isEqualTo("bob");
        assertThat(block.isInForce(NOW)).isFalse();
        assertThat(block.end("again", "bob", NOW, NOW)).isEmpty();

        assertThat(block.renew(order("ann", "scans", NOW, Duration.ofMinutes(1)), 1, NOW))
                .isTrue();

        assertThat(block.isInForce(NOW)).isTrue();
        assertThat(block.until()).isEqualTo(NOW.plusSeconds(60));
        assertThat(block.version()).isGreaterThan(ended.version());
    }

    @Test
    void thatAPersonEndedItIsKnownThoughItBeganAnew() {
        var block = new Block(order("ann", "scans", NOW, DAY), 1, NOW);
        block.end("mistake", "bob", NOW.plusSeconds(1), NOW.plusSeconds(1));
        block.renew(order("ann", "scans", NOW.plusSeconds(2), DAY), 1, NOW.plusSeconds(2));

        assertThat(block.hasEndedSince(NOW)).isTrue();
        assertThat(block.hasEndedSince(NOW.plusSeconds(2))).isFalse();
    }

    @Test
    void thatItsTimeWasUpIsForgottenWhenItBeginsAnew() {
        var block = new Block(order("ann", "scans", NOW, DAY), 1, NOW);
        block.end("expired", Blocks.SERVICE, NOW.plus(DAY), NOW.plus(DAY));
        block.renew(order("ann", "scans", NOW.plus(DAY), DAY), 1, NOW.plus(DAY));

        assertThat(block.hasEndedSince(NOW)).isFalse();
    }

    @Test
    void versionsGrowThoughTheClockStepsBack() {
        var block = new Block(order("ann", "scans", NOW, DAY), 1, NOW);
        var begun = block.version();

        block.end("mistake", "bob", NOW, NOW.minusSeconds(10));

        assertThat(block.version()).isGreaterThan(begun);
    }

    @Test
    void aBanThatIsShorterThanACaptchaMakesItABanAndNoShorter() {
        var block = new Block(order("ann", "scans", NOW, DAY).with(Remediation.CAPTCHA), 1, NOW);

        assertThat(block.renew(order("bob", "attacks", NOW, Duration.ofHours(1)), 1, NOW))
                .isTrue();

        assertThat(block.remediation()).isEqualTo(Remediation.BAN);
        assertThat(block.until()).isEqualTo(NOW.plus(DAY));
    }

    @Test
    void aCaptchaThatLastsLongerThanABanLengthensTheBan() {
        var block = new Block(order("ann", "scans", NOW, DAY), 1, NOW);

        block.renew(order("bob", "attacks", NOW, DAY.multipliedBy(2)).with(Remediation.CAPTCHA), 1, NOW);

        assertThat(block.remediation()).isEqualTo(Remediation.BAN);
        assertThat(block.until()).isEqualTo(NOW.plus(DAY.multipliedBy(2)));
    }

    @Test
    void nobodyIsBlockedForNoTimeOrForEver() {
        assertThatThrownBy(() -> order("ann", "scans", NOW, Duration.ZERO))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> order("ann", "scans", NOW, Duration.ofSeconds(-5)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> order("ann", "scans", NOW, Duration.ofDays(4_000)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static NewBlock order(String author, String reason, Instant at, Duration duration) {
        return new NewBlock(Network.parse("203.0.113.7"), Scope.everything("shop"), reason, null, author, at, duration);
    }
}
