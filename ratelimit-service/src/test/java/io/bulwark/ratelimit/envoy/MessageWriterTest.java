package io.bulwark.ratelimit.envoy;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.CodedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MessageWriterTest {
    @ParameterizedTest
    @ValueSource(longs = {0, 1, 127, 128, 300, 16_383, 16_384, 0xFFFF_FFFFL, Long.MAX_VALUE, -1, Long.MIN_VALUE})
    void numbersAreWrittenAsProtobufsAre(long number) throws IOException {
        var expected = new ByteArrayOutputStream();
        var out = CodedOutputStream.newInstance(expected);
        out.writeInt64(1, number);
        out.writeInt64(16, number);
        out.flush();

        var written = new MessageWriter().number(1, number).number(16, number).toBytes();

        assertThat(written).isEqualTo(expected.toByteArray());
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 124, 125, 126, 127, 128, 300, 16_384, 70_000})
    void aMessageWithinAMessageIsAsLongAsItIs(int length) throws IOException {
        var writer = new MessageWriter().text(1, "ä");
        var outer = writer.begin(2);
        var inner = writer.begin(3);
        writer.ascii(4, "x".repeat(length)).end(inner).end(outer).number(5, 6);

        var in = CodedInputStream.newInstance(writer.toBytes());
        assertThat(in.readTag() >>> 3).isEqualTo(1);
        assertThat(in.readStringRequireUtf8()).isEqualTo("ä");
        assertThat(in.readTag() >>> 3).isEqualTo(2);
        var limit = in.pushLimit(in.readRawVarint32());
        assertThat(in.readTag() >>> 3).isEqualTo(3);
        assertThat(in.readRawVarint32()).isEqualTo(in.getBytesUntilLimit());
        assertThat(in.readTag() >>> 3).isEqualTo(4);
        assertThat(in.readString()).hasSize(length);
        in.popLimit(limit);
        assertThat(in.readTag() >>> 3).isEqualTo(5);
        assertThat(in.readInt32()).isEqualTo(6);
        assertThat(in.isAtEnd()).isTrue();
    }

    @Test
    void aHeadersNameIsInLowerCase() {
        var header = new MessageWriter().header(3, "Retry-After", "Soon").toBytes();

        var expected = new MessageWriter()
                .bytes(
                        3,
                        new MessageWriter()
                                .text(1, "retry-after")
                                .text(2, "Soon")
                                .toBytes());
        assertThat(header).isEqualTo(expected.toBytes());
    }

    @Test
    void aFrameSaysThatItIsNotCompressedAndHowLongItIs() {
        var framed = new MessageWriter().text(1, "x".repeat(1_000)).framed();

        assertThat(framed.getBytes(0, GrpcCall.PREFIX)).containsExactly(0, 0, 0, 1_003 >> 8, 1_003 & 0xFF);
        assertThat(framed.length()).isEqualTo(GrpcCall.PREFIX + 1_003);
    }
}
