package io.bulwark.ratelimit.envoy;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.WireFormat;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** Protobuf messages, field by field: the few that Envoy sends are read faster by hand, and need no generated classes. */
final class Wire {
    private static final int SMALL = 64;

    private Wire() {}

    /** Reads a message to its end. */
    interface Reader<T> {
        T read(CodedInputStream in) throws IOException;
    }

    /** Writes a message. */
    interface Writer {
        void write(CodedOutputStream out) throws IOException;
    }

    /** The message that is this field's value. */
    static <T> T nested(CodedInputStream in, int tag, Reader<T> reader) throws IOException {
        requireLengthDelimited(tag);
        var outer = in.pushLimit(in.readRawVarint32());
        var read = reader.read(in);
        in.checkLastTagWas(0);
        in.popLimit(outer);
        return read;
    }

    static String text(CodedInputStream in, int tag) throws IOException {
        requireLengthDelimited(tag);
        return in.readStringRequireUtf8();
    }

    /** For what clients write: a text that is no UTF-8 must not keep the rest from being read. */
    static String anyText(CodedInputStream in, int tag) throws IOException {
        requireLengthDelimited(tag);
        return in.readString();
    }

    static boolean isVarint(int tag) {
        return WireFormat.getTagWireType(tag) == WireFormat.WIRETYPE_VARINT;
    }

    static InvalidProtocolBufferException wrongType() {
        return new InvalidProtocolBufferException("A field has the wire type of another");
    }

    /** Before the fields of a message that is a field's value. */
    static void begin(CodedOutputStream out, int field, int size) throws IOException {
        out.writeTag(field, WireFormat.WIRETYPE_LENGTH_DELIMITED);
        out.writeUInt32NoTag(size);
    }

    /** Text of ASCII: a byte for each character, which need not be counted first. */
    static void writeAscii(CodedOutputStream out, int field, String text) throws IOException {
        begin(out, field, text.length());
        out.writeRawBytes(text.getBytes(StandardCharsets.US_ASCII));
    }

    /** What a message of this size takes as a field's value. */
    static int nestedSize(int field, int size) {
        return CodedOutputStream.computeTagSize(field) + CodedOutputStream.computeUInt32SizeNoTag(size) + size;
    }

    /** @param size of the message, to the byte */
    static byte[] message(int size, Writer writer) {
        var bytes = new byte[size];
        var out = CodedOutputStream.newInstance(bytes);
        try {
            writer.write(out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        out.checkNoSpaceLeft();
        return bytes;
    }

    /** A message of which it is not known how large it becomes. */
    static byte[] message(Writer writer) {
        var bytes = new ByteArrayOutputStream();
        var out = CodedOutputStream.newInstance(bytes, SMALL);
        try {
            writer.write(out);
            out.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private static void requireLengthDelimited(int tag) throws InvalidProtocolBufferException {
        if (WireFormat.getTagWireType(tag) != WireFormat.WIRETYPE_LENGTH_DELIMITED) {
            throw wrongType();
        }
    }
}
