package io.bulwark.ratelimit.blocklist;

import static org.assertj.core.api.Assertions.assertThat;

import io.bulwark.kit.net.Network;
import io.bulwark.ratelimit.blocklist.ListContents.Held;
import io.bulwark.ratelimit.blocklist.ListContents.Key;
import io.bulwark.ratelimit.prefix.PrefixTable;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ListContentsTest {
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
    private static final Duration DAY = Duration.ofDays(1);
    private static final NetworkList NETWORKS = new NetworkList(List.of(Network.parse("203.0.113.0/24")));

    @Test
    void aListThatIsFetchedAsItWasHoldsForLongerInTheSameTable() {
        var before = ListContents.none().replacedBy(list(NOW, DAY));

        var after = before.replacedBy(list(NOW.plusSeconds(60), DAY));

        assertThat(listedUntil(after)).isEqualTo(NOW.plusSeconds(60).plus(DAY));
        assertThat(listedUntil(before)).as("the table is the same").isEqualTo(listedUntil(after));
    }

    @Test
    void aListThatIsToHoldForShorterDoes() {
        var before = ListContents.none().replacedBy(list(NOW, DAY));

        var after = before.replacedBy(list(NOW.plusSeconds(60), Duration.ofHours(1)));

        assertThat(listedUntil(after)).isEqualTo(NOW.plusSeconds(60).plus(Duration.ofHours(1)));
    }

    @Test
    void aListThatIsGoneHoldsNoLonger() {
        var after = ListContents.none().replacedBy(list(NOW, DAY)).replacedBy(Map.of());

        assertThat(listedUntil(after)).isEqualTo(Instant.ofEpochMilli(PrefixTable.NONE));
        assertThat(after.size()).isZero();
    }

    private static Map<Key, Held> list(Instant fetchedAt, Duration expiry) {
        var settings =
                new BlocklistSettings("https://example.com/list", ListFormat.PLAIN, null, expiry, null, false, null);
        var progress = new Blocklist.Progress(1, 0, "same", null, null, fetchedAt, fetchedAt, fetchedAt, null, 0);
        var list = new Blocklist("shop", "drop", settings, 1, NOW, "olga", progress);
        return Map.of(Key.of(list), new Held(list, NETWORKS));
    }

    private static Instant listedUntil(ListContents contents) {
        return Instant.ofEpochMilli(contents.listedUntil(Network.parse("203.0.113.7"), "shop", NOW.toEpochMilli()));
    }
}
