package io.bulwark.ratelimit.envoy;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.WireFormat;
import java.io.IOException;

/**
 * Protobuf messages while they are read, field by field: the few that Envoy sends are read faster by hand, and need no generated
 * classes. {@link MessageWriter} writes the answers.
 */
final class Wire {
    private Wire() {}

    /** Reads a message to its end. */
    interface Reader<T> {
        T read(CodedInputStream in) throws IOException;
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

    private static void requireLengthDelimited(int tag) throws InvalidProtocolBufferException {
        if (WireFormat.getTagWireType(tag) != WireFormat.WIRETYPE_LENGTH_DELIMITED) {
            throw wrongType();
        }
    }
}
