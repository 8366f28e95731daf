package io.bulwark.ratelimit.envoy;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.util.AsciiString;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.buffer.impl.VertxByteBufAllocator;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** A protobuf message while it is written, field by field, with room before it for the prefix that gRPC wants. */
final class MessageWriter {
    private static final int SMALL = 64;
    private static final int LENGTH_DELIMITED = 2;
    private static final int TYPE_BITS = 3;
    private static final int GROUP_BITS = 7;
    private static final int MORE = 1 << GROUP_BITS;

    /** The names of fields; those that this service writes, and no more. */
    private static final Map<CharSequence, byte[]> LOWER_CASE = new ConcurrentHashMap<>();

    private final ByteBuf out;

    MessageWriter() {
        this(SMALL);
    }

    /** @param expected bytes, about: there is room for more */
    MessageWriter(int expected) {
        this.out = VertxByteBufAllocator.DEFAULT
                .heapBuffer(GrpcCall.PREFIX + expected)
                .writeZero(GrpcCall.PREFIX);
    }

    /** An integer or an enum. */
    MessageWriter number(int field, long value) {
        varint((long) field << TYPE_BITS);
        varint(value);
        return this;
    }

    MessageWriter text(int field, String text) {
        lengthDelimited(field, ByteBufUtil.utf8Bytes(text));
        ByteBufUtil.writeUtf8(out, text);
        return this;
    }

    /** Text of ASCII. */
    MessageWriter ascii(int field, CharSequence text) {
        var ascii = AsciiString.of(text);
        lengthDelimited(field, ascii.length());
        out.writeBytes(ascii.array(), ascii.arrayOffset(), ascii.length());
        return this;
    }

    MessageWriter bytes(int field, byte[] bytes) {
        lengthDelimited(field, bytes.length);
        return fields(bytes);
    }

    /** {@code envoy.config.core.v3.HeaderValue}, of ASCII; the name in lower case, as HTTP/2 has it. */
    MessageWriter header(int field, CharSequence name, CharSequence value) {
        var header = begin(field);
        bytes(1, LOWER_CASE.computeIfAbsent(name, MessageWriter::lowerCase));
        ascii(2, value);
        return end(header);
    }

    private static byte[] lowerCase(CharSequence name) {
        return name.toString().toLowerCase(Locale.ROOT).getBytes(US_ASCII);
    }

    /** Fields that were written before. */
    MessageWriter fields(byte[] fields) {
        out.writeBytes(fields);
        return this;
    }

    /**
     * The fields that follow are those of a message that is this field's value.
     *
     * @return what {@link #end} is to be told
     */
    int begin(int field) {
        lengthDelimited(field, 0);
        return out.writerIndex();
    }

    /** Most messages are so short that their length is one byte, and all others move to make room for it. */
    MessageWriter end(int begun) {
        var length = out.writerIndex() - begun;
        if (length < MORE) {
            out.setByte(begun - 1, length);
            return this;
        }
        var message = ByteBufUtil.getBytes(out, begun, length);
        out.writerIndex(begun - 1);
        varint(length);
        return fields(message);
    }

    byte[] toBytes() {
        return ByteBufUtil.getBytes(out, GrpcCall.PREFIX, length());
    }

    /** With its prefix: not compressed, and how long it is. */
    Buffer framed() {
        out.setInt(1, length());
        return Buffer.buffer(out);
    }

    private int length() {
        return out.writerIndex() - GrpcCall.PREFIX;
    }

    /** Before a value of so many bytes. */
    private void lengthDelimited(int field, int length) {
        varint((long) field << TYPE_BITS | LENGTH_DELIMITED);
        varint(length);
    }

    /** Base 128, the lowest digit first. */
    private void varint(long value) {
        var rest = value;
        while ((rest & -MORE) != 0) {
            out.writeByte((int) rest | MORE);
            rest >>>= GROUP_BITS;
        }
        out.writeByte((int) rest);
    }
}
