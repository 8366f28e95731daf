package io.bulwark.ratelimit.forwardauth;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.HttpResponseEncoder;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RoomForBodyTest {
    private final EmbeddedChannel channel = new EmbeddedChannel(new HttpResponseEncoder());

    @BeforeEach
    void makeRoom() {
        channel.config().setAllocator(new RoomForBody(PooledByteBufAllocator.DEFAULT));
    }

    @AfterEach
    void close() {
        channel.finishAndReleaseAll();
    }

    @Test
    void aHeaderAndASmallBodyAreOneBuffer() {
        for (var i = 0; i < 10; i++) {
            channel.writeOutbound(answer("x".repeat(500)));

            assertThat(sent()).startsWith("HTTP/1.1 429 ").endsWith("\r\n\r\n" + "x".repeat(500));
            assertThat(channel.outboundMessages()).isEmpty();
        }
    }

    @Test
    void aLargeBodyIsNotCopied() {
        var answer = answer("x".repeat(5_000));
        channel.writeOutbound(answer);

        assertThat(sent()).endsWith("\r\n\r\n");
        ByteBuf body = channel.readOutbound();
        assertThat(body).isSameAs(answer.content());
        body.release();
    }

    @Test
    void whatIsReadHasNoMoreRoomThanIsAskedFor() {
        var read = channel.alloc().ioBuffer(256);

        assertThat(read.capacity()).isEqualTo(256);
        assertThat(read.isDirect()).isTrue();
        read.release();
    }

    private static DefaultFullHttpResponse answer(String body) {
        var answer = new DefaultFullHttpResponse(
                HttpVersion.HTTP_1_1,
                HttpResponseStatus.TOO_MANY_REQUESTS,
                Unpooled.wrappedBuffer(body.getBytes(US_ASCII)));
        answer.headers().set("Content-Length", body.length()).set("RateLimit", "x".repeat(250));
        return answer;
    }

    private String sent() {
        ByteBuf sent = channel.readOutbound();
        var text = sent.toString(US_ASCII);
        sent.release();
        return text;
    }
}
