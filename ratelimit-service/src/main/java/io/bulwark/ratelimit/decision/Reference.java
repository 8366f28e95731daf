package io.bulwark.ratelimit.decision;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.bulwark.kit.net.Network;
import io.bulwark.ratelimit.prefix.Scope;
import io.netty.util.AsciiString;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Base64;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a refused client may show to whoever helps it: who was refused, when and where, as URL-safe Base64 (RFC 4648). It
 * tells the client nothing that it does not know, and nothing needs to be kept for it.
 *
 * @param scope the application and the endpoint that were asked for
 */
public record Reference(Outcome outcome, Instant at, Network client, Scope scope) {
    private static final int FIXED = 1 + Integer.BYTES + 1;
    private static final Pattern PLACE = Pattern.compile("(" + Scope.APPLICATION + ")(?: (" + Scope.ENDPOINT + "))?");
    private static final Base64.Encoder TEXT = Base64.getUrlEncoder().withoutPadding();

    /** No reference is longer. */
    public static final int LONGEST = 210;

    public String text() {
        return ascii().toString();
    }

    /** The text, as a header field is written from it. */
    AsciiString ascii() {
        var address = client.bytes();
        var endpoint = scope.endpoint();
        var place = endpoint == null ? scope.application() : scope.application() + ' ' + endpoint;
        var name = place.getBytes(US_ASCII);
        var buffer = ByteBuffer.allocate(FIXED + address.length + name.length)
                .put(code(outcome))
                .putInt((int) at.getEpochSecond())
                .put((byte) address.length)
                .put(address)
                .put(name);
        return new AsciiString(TEXT.encode(buffer.array()), false);
    }

    /** @throws IllegalArgumentException where the text is no reference */
    public static Reference parse(String text) {
        if (text.length() > LONGEST) {
            throw new IllegalArgumentException("is no reference");
        }
        try {
            var buffer = ByteBuffer.wrap(Base64.getUrlDecoder().decode(text));
            var outcome = outcome(buffer.get());
            var at = Instant.ofEpochSecond(Integer.toUnsignedLong(buffer.getInt()));
            var address = new byte[buffer.get() == 4 ? 4 : 16];
            buffer.get(address);
            var name = new byte[buffer.remaining()];
            buffer.get(name);
            var place = PLACE.matcher(new String(name, US_ASCII));
            if (outcome != null && place.matches()) {
                return new Reference(outcome, at, Network.of(address), new Scope(place.group(1), place.group(2)));
            }
        } catch (BufferUnderflowException e) {
            throw new IllegalArgumentException("is no reference", e);
        }
        throw new IllegalArgumentException("is no reference");
    }

    /** The second letter tells the refusals apart, and stays when another outcome comes between them. */
    private static byte code(Outcome outcome) {
        return (byte) outcome.name().charAt(1);
    }

    private static @Nullable Outcome outcome(byte code) {
        for (var outcome : Outcome.REFUSALS) {
            if (code(outcome) == code) {
                return outcome;
            }
        }
        return null;
    }
}
