package io.bulwark.kit.inbox;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.bulwark.kit.outbox.Outbox;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jboss.logging.Logger;

/**
 * Records that nobody can read, set aside in {@code <topic>.dlq} with the reason, through the outbox like everything:
 * in the transaction that consumes the rest of their batch.
 */
@ApplicationScoped
class DeadLetters {
    private static final Logger LOG = Logger.getLogger(DeadLetters.class);

    private final Outbox outbox;

    DeadLetters(Outbox outbox) {
        this.outbox = outbox;
    }

    record Letter(ConsumerRecord<String, byte[]> consumed, String reason) {}

    void setAside(List<Letter> letters) {
        for (var letter : letters) {
            var consumed = letter.consumed();
            LOG.warnf(
                    "Set aside %s/%d/%d: %s",
                    consumed.topic(), consumed.partition(), consumed.offset(), letter.reason());
            var kept = DeadLetter.of(consumed, letter.reason());
            var place = consumed.topic() + "/" + consumed.partition() + "/" + consumed.offset();
            outbox.deadLetter(
                    UUID.nameUUIDFromBytes(place.getBytes(UTF_8)),
                    consumed.topic() + ".dlq",
                    kept.key(),
                    kept.headers(),
                    kept.value());
        }
    }
}
