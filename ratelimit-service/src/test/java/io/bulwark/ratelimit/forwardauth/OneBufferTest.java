package io.bulwark.ratelimit.forwardauth;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

@SuppressWarnings("FutureReturnValueIgnored") // what is sent tells
class OneBufferTest {
    private final EmbeddedChannel channel = new EmbeddedChannel(new OneBuffer());

    @AfterEach
    void close() {
        channel.finishAndReleaseAll();
    }

    @Test
    void aHeaderAndItsBodyAreOneBuffer() {
        var body = Unpooled.wrappedBuffer("body".getBytes(US_ASCII));
        var header = channel.write(direct("header "));
        var rest = channel.write(body);
        assertThat(channel.outboundMessages()).isEmpty();

        channel.flush();

        assertThat(sent()).isEqualTo("header body");
        assertThat(sent()).isNull();
        assertThat(header.isSuccess() && rest.isSuccess()).isTrue();
        assertThat(body.refCnt()).isZero();
    }

    @Test
    void aHeaderWithoutABodyIsSentWithTheNextFlush() {
        channel.writeAndFlush(direct("header"));

        assertThat(sent()).isEqualTo("header");
    }

    @Test
    void ofSeveralAnswersEachKeepsItsBody() {
        channel.write(direct("1 "));
        channel.write(direct("one"));
        channel.write(direct("2"), channel.voidPromise());
        channel.write(direct("3 "));
        channel.write(direct("three"));
        channel.flush();

        assertThat(sent()).isEqualTo("1 one");
        assertThat(sent()).isEqualTo("2");
        assertThat(sent()).isEqualTo("3 three");
    }

    @Test
    void aLargeBodyIsNotCopied() {
        var body = Unpooled.directBuffer().writeZero(2_049);
        channel.write(direct("header"));
        channel.write(body);
        channel.flush();

        assertThat(sent()).isEqualTo("header");
        assertThat(channel.<ByteBuf>readOutbound()).isSameAs(body);
        body.release();
    }

    @Test
    void aBodyThatIsSharedIsNotWrittenTo() {
        var shared = direct("body");
        channel.write(shared.retainedDuplicate());
        channel.write(direct(" more"));
        channel.flush();

        assertThat(sent()).isEqualTo("body");
        assertThat(sent()).isEqualTo(" more");
        assertThat(shared.toString(US_ASCII)).isEqualTo("body");
        shared.release();
    }

    @Test
    void whatWasNotFlushedIsReleasedAtTheEnd() {
        var header = direct("header");
        var written = channel.write(header);
        channel.close();

        assertThat(written.isDone() && !written.isSuccess()).isTrue();
        assertThat(header.refCnt()).isZero();
    }

    private static ByteBuf direct(String text) {
        return Unpooled.directBuffer().writeBytes(text.getBytes(US_ASCII));
    }

    private @Nullable String sent() {
        ByteBuf sent = channel.readOutbound();
        if (sent == null) {
            return null;
        }
        var text = sent.toString(US_ASCII);
        sent.release();
        return text;
    }
}
