package io.bulwark.audit.log;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.bulwark.events.Envelope;
import io.bulwark.kit.hash.Sha256;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What the tree commits to. Its canonical bytes, integers big-endian:
 *
 * <pre>
 * version      1 byte, 1
 * received at  8 bytes, microseconds since 1970-01-01T00:00:00Z
 * topic, key, id, source, type, subject, time, application, traceparent
 *              each 4 bytes of length, or -1 where absent, and that many of UTF-8; time in ISO-8601
 * form         1 byte: 0, the data follows; 1, its SHA-256 follows
 * data         4 bytes of length, and that many
 * </pre>
 *
 * Data above {@value #MAX_INLINE} bytes is committed to by its SHA-256 and stored beside the leaf, so that no leaf
 * exceeds 64 KiB. A key above {@value #MAX_KEY} characters is replaced by {@code sha256:} and the hex of its digest.
 *
 * @param receivedAt when it was appended, to the microsecond
 * @param digested true where {@code content} is the SHA-256 of the data
 */
public record Leaf(
        Instant receivedAt, String topic, @Nullable String key, Envelope envelope, boolean digested, byte[] content) {
    static final int MAX_INLINE = 32 * 1024;
    static final int MAX_KEY = 1_024;

    private static final byte VERSION = 1;
    private static final int ABSENT = -1;

    static Leaf of(Instant receivedAt, String topic, @Nullable String key, Envelope envelope, byte[] data) {
        boolean digested = data.length > MAX_INLINE;
        return new Leaf(
                receivedAt.truncatedTo(ChronoUnit.MICROS),
                topic,
                key == null || key.length() <= MAX_KEY ? key : "sha256:" + Sha256.hex(key.getBytes(UTF_8)),
                envelope,
                digested,
                digested ? Sha256.of(data) : data);
    }

    /** True where both tell the same event, whenever each was received. */
    boolean tellsTheSameAs(Leaf other) {
        return Arrays.equals(
                withReceivedAt(Instant.EPOCH).encode(),
                other.withReceivedAt(Instant.EPOCH).encode());
    }

    /** True where this is the data that the leaf commits to. */
    public boolean commitsTo(byte[] data) {
        return Arrays.equals(content, digested ? Sha256.of(data) : data);
    }

    byte[] encode() {
        var bytes = new ByteArrayOutputStream(512);
        try (var out = new DataOutputStream(bytes)) {
            out.writeByte(VERSION);
            out.writeLong(ChronoUnit.MICROS.between(Instant.EPOCH, receivedAt));
            for (var text : new @Nullable String[] {
                topic,
                key,
                envelope.id(),
                envelope.source(),
                envelope.type(),
                envelope.subject(),
                envelope.time().toString(),
                envelope.application(),
                envelope.traceparent()
            }) {
                write(out, text == null ? null : text.getBytes(UTF_8));
            }
            out.writeBoolean(digested);
            write(out, content);
        } catch (IOException e) {
            throw new UncheckedIOException("Memory cannot fail to be written", e);
        }
        return bytes.toByteArray();
    }

    /** @throws IllegalArgumentException on bytes that {@link #encode()} does not write */
    public static Leaf decode(byte[] bytes) {
        var in = ByteBuffer.wrap(bytes);
        try {
            if (in.get() != VERSION) {
                throw new IllegalArgumentException("unknown version");
            }
            var receivedAt = Instant.EPOCH.plus(in.getLong(), ChronoUnit.MICROS);
            var topic = required(in);
            var key = text(in);
            var id = required(in);
            var source = required(in);
            var type = required(in);
            var subject = text(in);
            var time = Instant.parse(required(in));
            var application = required(in);
            var envelope = new Envelope(id, source, type, subject, time, application, text(in));
            boolean digested = in.get() == 1;
            var content = read(in);
            var leaf = new Leaf(receivedAt, topic, key, envelope, digested, content == null ? new byte[0] : content);
            if (!Arrays.equals(leaf.encode(), bytes)) {
                throw new IllegalArgumentException("not canonical");
            }
            return leaf;
        } catch (BufferUnderflowException | CharacterCodingException | DateTimeException | ArithmeticException e) {
            throw new IllegalArgumentException("malformed", e);
        }
    }

    private Leaf withReceivedAt(Instant time) {
        return new Leaf(time, topic, key, envelope, digested, content);
    }

    private static void write(DataOutputStream out, byte @Nullable [] field) throws IOException {
        if (field == null) {
            out.writeInt(ABSENT);
        } else {
            out.writeInt(field.length);
            out.write(field);
        }
    }

    private static byte @Nullable [] read(ByteBuffer in) {
        int length = in.getInt();
        if (length == ABSENT) {
            return null;
        }
        if (length < 0 || length > in.remaining()) {
            throw new BufferUnderflowException();
        }
        var field = new byte[length];
        in.get(field);
        return field;
    }

    private static @Nullable String text(ByteBuffer in) throws CharacterCodingException {
        var field = read(in);
        return field == null
                ? null
                : UTF_8.newDecoder().decode(ByteBuffer.wrap(field)).toString();
    }

    private static String required(ByteBuffer in) throws CharacterCodingException {
        var text = text(in);
        if (text == null) {
            throw new IllegalArgumentException("a required field is absent");
        }
        return text;
    }
}
