package io.bulwark.ratelimit.observation;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.bulwark.kit.net.Network;
import io.bulwark.ratelimit.signin.AccountKey;
import io.bulwark.ratelimit.signin.PlainText;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What a reporter's values must keep to. */
final class Bounds {
    static final int NAME = 200;

    static final int ACCOUNT = AccountKey.LONGEST_NAME;

    private Bounds() {}

    /** One address in canonical form. */
    static String address(String field, String text) throws InvalidObservation {
        var network = network(field, text);
        if (!network.isAddress() || text.indexOf('/') >= 0) {
            throw new InvalidObservation(field, "is a network, not an address");
        }
        return network.toString();
    }

    static Network network(String field, String text) throws InvalidObservation {
        try {
            return Network.parse(text);
        } catch (IllegalArgumentException e) {
            throw new InvalidObservation(field, "is no address: " + e.getMessage());
        }
    }

    static @Nullable String optional(String field, @Nullable String text, int longest) throws InvalidObservation {
        return text == null ? null : text(field, text, longest);
    }

    /** Neither empty nor longer, without control characters, and expressible in UTF-8. */
    static String text(String field, String text, int longest) throws InvalidObservation {
        if (text.isEmpty() || text.length() > longest) {
            throw new InvalidObservation(field, "must have 1 to " + longest + " characters");
        }
        if (!PlainText.isPlain(text)) {
            throw new InvalidObservation(field, "must not hold control characters or half a surrogate pair");
        }
        return text;
    }

    /** A text that an index takes: consumers refuse ids of more than 256 bytes. */
    static String identity(String field, String text) throws InvalidObservation {
        if (text(field, text, NAME).getBytes(UTF_8).length > NAME) {
            throw new InvalidObservation(field, "must have at most " + NAME + " bytes");
        }
        return text;
    }

    static void within(String field, double value, double least, double most) throws InvalidObservation {
        if (!(value >= least && value <= most)) {
            throw new InvalidObservation(field, "must be from " + number(least) + " to " + number(most));
        }
    }

    static void within(String field, Duration value, Duration least, Duration most) throws InvalidObservation {
        if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
            throw new InvalidObservation(field, "must be from " + least + " to " + most);
        }
    }

    static Instant time(String field, Instant value, Instant earliest, Instant latest) throws InvalidObservation {
        if (value.isBefore(earliest) || value.isAfter(latest)) {
            throw new InvalidObservation(field, "must be from " + earliest + " to " + latest);
        }
        return value;
    }

    private static String number(double value) {
        return Long.toString((long) value);
    }
}
