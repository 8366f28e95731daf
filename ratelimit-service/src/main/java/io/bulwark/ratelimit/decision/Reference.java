package io.bulwark.ratelimit.decision;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.bulwark.kit.net.Network;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * What a refused client may show to whoever helps it: who was refused, when and in which application, as URL-safe Base64 (RFC
 * 4648). It tells the client nothing that it does not know, and nothing needs to be kept for it.
 */
public record Reference(Outcome outcome, Instant at, Network client, String application) {
    private static final int FIXED = 1 + Integer.BYTES + 1;

    /** No reference is longer. */
    public static final int LONGEST = 120;

    public String text() {
        var address = client.bytes();
        var name = application.getBytes(US_ASCII);
        var buffer = ByteBuffer.allocate(FIXED + address.length + name.length)
                .put(code(outcome))
                .putInt((int) at.getEpochSecond())
                .put((byte) address.length)
                .put(address)
                .put(name);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(buffer.array());
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
            if (outcome != null && name.length > 0) {
                return new Reference(outcome, at, Network.of(address), new String(name, US_ASCII));
            }
        } catch (BufferUnderflowException e) {
            throw new IllegalArgumentException("is no reference", e);
        }
        throw new IllegalArgumentException("is no reference");
    }

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
