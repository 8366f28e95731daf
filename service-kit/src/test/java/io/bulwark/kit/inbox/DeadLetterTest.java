package io.bulwark.kit.inbox;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.bulwark.events.Topic;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

class DeadLetterTest {
    private static final int SENDABLE = 1_048_576;

    @Test
    void isTheRecordWithTheReasonAndWhereItStood() {
        var consumed = consumed("key", "rubbish".getBytes(UTF_8));
        consumed.headers().add("foreign", "yes".getBytes(UTF_8)).add("none", null);

        var letter = DeadLetter.of(consumed, "no event");

        assertThat(letter.key()).isEqualTo("key");
        assertThat(letter.value()).isEqualTo("rubbish".getBytes(UTF_8));
        assertThat(letter.headers())
                .isEqualTo(Map.of(
                        "foreign", "yes",
                        "dlq_reason", "no event",
                        "dlq_topic", "ip-blocked",
                        "dlq_partition", "3",
                        "dlq_offset", "17",
                        "dlq_truncated", "false"));
    }

    @Test
    void holdsNoNulThatPostgresWouldRefuse() {
        var consumed = consumed("k\0ey", new byte[0]);
        consumed.headers().add("na\0me", "val\0ue".getBytes(UTF_8));

        var letter = DeadLetter.of(consumed, "rea\0son");

        assertThat(letter.key()).isEqualTo("key");
        assertThat(letter.headers()).containsEntry("name", "value").containsEntry("dlq_reason", "reason");
        assertThat(letter.headers()).containsEntry("dlq_truncated", "false");
    }

    @Test
    void aValueThatNoBrokerTakesIsCut() {
        var value = new byte[3 * SENDABLE];
        Arrays.fill(value, (byte) 'x');

        var letter = DeadLetter.of(consumed("key", value), "no event");

        assertThat(letter.value()).hasSizeBetween(SENDABLE / 2, SENDABLE).containsOnly('x');
        assertThat(letter.headers()).containsEntry("dlq_truncated", "true");
    }

    @Test
    void allOfItTogetherCanBeSentWhateverCame() {
        var consumed = consumed("\uFFFD".repeat(SENDABLE), new byte[SENDABLE]);
        for (var i = 0; i < 20_000; i++) {
            consumed.headers().add("n" + i, new byte[] {(byte) 0xFF});
        }
        consumed.headers().add("long", new byte[SENDABLE]);

        var letter = DeadLetter.of(consumed, "\uFFFD".repeat(SENDABLE));

        var bytes = letter.value().length + letter.key().getBytes(UTF_8).length;
        for (var header : letter.headers().entrySet()) {
            bytes += 16
                    + header.getKey().getBytes(UTF_8).length
                    + header.getValue().getBytes(UTF_8).length;
        }
        assertThat(bytes).isLessThan(SENDABLE);
        assertThat(letter.headers())
                .containsEntry("n0", "\uFFFD")
                .doesNotContainKey("n19999")
                .containsEntry("dlq_truncated", "true");
    }

    @Test
    void noCharacterIsCutInTwo() {
        var letter = DeadLetter.of(consumed("x" + "\uD83D\uDE00".repeat(5_000), new byte[0]), "no event");

        assertThat(UTF_8.newEncoder().canEncode(letter.key())).isTrue();
        assertThat(letter.headers()).containsEntry("dlq_truncated", "true");
    }

    @Test
    void theContractTellsHowMuchIsKept() throws Exception {
        try (var contract = Topic.class.getResourceAsStream("/asyncapi.yaml")) {
            assertThat(new String(contract.readAllBytes(), UTF_8).replaceAll("\\s+", " "))
                    .contains(String.format(
                            Locale.ROOT,
                            "only the first %,d bytes of its value, %d KiB of its headers or %,d characters of its key",
                            DeadLetter.MAX_VALUE,
                            DeadLetter.MAX_HEADERS / 1_024,
                            DeadLetter.MAX_KEY));
        }
    }

    private static ConsumerRecord<String, byte[]> consumed(String key, byte[] value) {
        return new ConsumerRecord<>("ip-blocked", 3, 17, key, value);
    }
}
