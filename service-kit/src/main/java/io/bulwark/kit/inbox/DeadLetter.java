package io.bulwark.kit.inbox;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/**
 * What is kept of a record that nobody can read: as much as Postgres stores and a broker takes. One that could not be sent
 * would keep back everything behind it, and one may have come larger than that, compressed by its producer.
 */
record DeadLetter(@Nullable String key, Map<String, String> headers, byte[] value) {
    /** Together less than the 1 MiB that a producer sends, also where each character of the key has three bytes. */
    static final int MAX_VALUE = 900_000;

    /** The relay bounds the values of a batch only. */
    static final int MAX_HEADERS = 16_384;

    static final int MAX_KEY = 4_096;
    private static final int MAX_REASON = 1_024;

    /** Bytes around the name and the value of a header, and more. */
    private static final int HEADER_COST = 16;

    static DeadLetter of(ConsumerRecord<String, byte[]> consumed, String reason) {
        var headers = new LinkedHashMap<String, String>();
        var wholeHeaders = keep(consumed.headers(), headers);
        var key = consumed.key() == null ? null : cut(consumed.key(), MAX_KEY);
        var wholeKey = key == null || key.length() == consumed.key().length();
        var wholeValue = consumed.value().length <= MAX_VALUE;
        headers.put("dlq_reason", clean(cut(reason, MAX_REASON)));
        headers.put("dlq_topic", consumed.topic());
        headers.put("dlq_partition", Integer.toString(consumed.partition()));
        headers.put("dlq_offset", Long.toString(consumed.offset()));
        headers.put("dlq_truncated", Boolean.toString(!(wholeHeaders && wholeKey && wholeValue)));
        return new DeadLetter(
                key == null ? null : clean(key),
                headers,
                wholeValue ? consumed.value() : Arrays.copyOf(consumed.value(), MAX_VALUE));
    }

    /** False where some did not fit. */
    private static boolean keep(Headers all, Map<String, String> kept) {
        var room = MAX_HEADERS;
        var whole = true;
        for (var header : all) {
            if (header.value() == null) {
                continue;
            }
            var name = clean(header.key());
            var value = clean(new String(header.value(), UTF_8));
            // a byte that is no UTF-8 became three
            var bytes = HEADER_COST + name.getBytes(UTF_8).length + value.getBytes(UTF_8).length;
            if (bytes > room) {
                whole = false;
            } else {
                room -= bytes;
                kept.put(name, value);
            }
        }
        return whole;
    }

    private static String cut(String text, int most) {
        if (text.length() <= most) {
            return text;
        }
        return text.substring(0, Character.isHighSurrogate(text.charAt(most - 1)) ? most - 1 : most);
    }

    /** Postgres stores no NUL. */
    private static String clean(String text) {
        return text.replace("\0", "");
    }
}
