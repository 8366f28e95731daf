package io.bulwark.audit.entry;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import io.bulwark.audit.log.Entry;
import io.bulwark.audit.log.ListedEntry;
import io.bulwark.events.CloudEventBinding;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * An entry as clients see it.
 *
 * @param actorName the e-mail address or client name as of then
 * @param occurredAt by the producer's clock
 * @param receivedAt when it was appended
 * @param count how many equal calls it stands for
 * @param data the event's; absent where it is no JSON, or too large for a list
 * @param leafHash SHA-256 of a zero byte and {@code leaf}, in hex
 * @param leaf the canonical bytes that the tree commits to; not in lists
 * @param payload the event's data, byte for byte, where the leaf holds its SHA-256 only; not in lists
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record EntryView(
        long index,
        String eventId,
        String source,
        String type,
        String topic,
        String application,
        @Nullable String subject,
        Instant occurredAt,
        Instant receivedAt,
        @Nullable String actorId,
        @Nullable String actorName,
        List<String> roles,
        @Nullable String action,
        @Nullable String target,
        @Nullable String outcome,
        @Nullable String address,
        int count,
        @Schema(implementation = Object.class) @Nullable JsonNode data,
        String leafHash,

        @Schema(implementation = String.class, format = "byte")
        byte @Nullable [] leaf,

        @Schema(implementation = String.class, format = "byte")
        byte @Nullable [] payload) {

    public static EntryView listed(ListedEntry entry) {
        return of(entry, json(entry.columns().data()), null, null);
    }

    static EntryView whole(Entry entry) {
        var data = entry.payload() == null ? json(entry.columns().data()) : json(new String(entry.payload(), UTF_8));
        return of(entry.listed(), data, entry.leaf(), entry.payload());
    }

    private static EntryView of(
            ListedEntry entry, @Nullable JsonNode data, byte @Nullable [] leaf, byte @Nullable [] payload) {
        var columns = entry.columns();
        return new EntryView(
                entry.index(),
                columns.eventId(),
                columns.source(),
                columns.type(),
                columns.topic(),
                columns.application(),
                columns.subject(),
                columns.occurredAt(),
                columns.receivedAt(),
                columns.actorId(),
                columns.actorName(),
                columns.roles(),
                columns.action(),
                columns.target(),
                columns.outcome(),
                columns.address(),
                columns.occurrences(),
                data,
                entry.leafHash().toString(),
                leaf,
                payload);
    }

    private static @Nullable JsonNode json(@Nullable String data) {
        try {
            return data == null ? null : CloudEventBinding.JSON.readTree(data);
        } catch (IOException e) {
            return null;
        }
    }
}
