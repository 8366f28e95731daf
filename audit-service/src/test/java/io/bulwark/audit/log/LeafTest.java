package io.bulwark.audit.log;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.bulwark.events.Envelope;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class LeafTest {
    private static final Instant RECEIVED = Instant.parse("2026-05-01T10:00:00.123456Z");
    private static final Envelope ENVELOPE = new Envelope(
            "id-1", "/shop", "io.shop.thing.v1", null, Instant.parse("2026-05-01T09:59:59.000000001Z"), "shop", null);

    @Test
    void bytesAreThoseOfTheDocumentedForm() {
        var leaf = Leaf.of(RECEIVED, "security-events", "k", ENVELOPE, "{}".getBytes(UTF_8));
        assertThat(HexFormat.of().formatHex(leaf.encode()))
                .isEqualTo("01" + "000650bea4db8a40"
                        + text("security-events") + text("k") + text("id-1") + text("/shop") + text("io.shop.thing.v1")
                        + "ffffffff" + text("2026-05-01T09:59:59.000000001Z") + text("shop") + "ffffffff"
                        + "00" + text("{}"));
    }

    @Test
    void readsWhatItWrote() {
        var leaf = Leaf.of(RECEIVED, "incidents", null, ENVELOPE, new byte[] {0, (byte) 0xFF});
        assertThat(Leaf.decode(leaf.encode())).usingRecursiveComparison().isEqualTo(leaf);
    }

    @Test
    void refusesEveryShorterAndAnyLongerForm() {
        var bytes = Leaf.of(RECEIVED, "incidents", "k", ENVELOPE, "{}".getBytes(UTF_8))
                .encode();
        for (int length = 0; length < bytes.length; length++) {
            var shorter = Arrays.copyOf(bytes, length);
            assertThatIllegalArgumentException().isThrownBy(() -> Leaf.decode(shorter));
        }
        var longer = Arrays.copyOf(bytes, bytes.length + 1);
        assertThatIllegalArgumentException().isThrownBy(() -> Leaf.decode(longer));
    }

    @Test
    void holdsTheDigestOfLargeData() {
        var data = new byte[Leaf.MAX_INLINE + 1];
        var leaf = Leaf.of(RECEIVED, "incidents", "k".repeat(5_000), ENVELOPE, data);
        assertThat(leaf.encode()).hasSizeLessThan(400);
        assertThat(leaf.commitsTo(data)).isTrue();
        data[7] = 1;
        assertThat(leaf.commitsTo(data)).isFalse();
    }

    @Test
    void sameEventIsTheSameWheneverItCame() {
        var first = Leaf.of(RECEIVED, "incidents", "k", ENVELOPE, "{}".getBytes(UTF_8));
        var again = Leaf.of(RECEIVED.plusSeconds(60), "incidents", "k", ENVELOPE, "{}".getBytes(UTF_8));
        var other = Leaf.of(RECEIVED, "incidents", "k", ENVELOPE, "{ }".getBytes(UTF_8));
        assertThat(first.tellsTheSameAs(again)).isTrue();
        assertThat(first.tellsTheSameAs(other)).isFalse();
    }

    private static String text(String text) {
        return "%08x".formatted(text.length()) + HexFormat.of().formatHex(text.getBytes(UTF_8));
    }
}
