package io.bulwark.ratelimit.forwardauth;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.net.impl.ConnectionBase;
import org.jspecify.annotations.Nullable;

/**
 * Sends the header and the body of a small answer as one buffer. Netty's encoder hands on a body of more than 128 bytes apart
 * from its header, and two buffers make a {@code writev}, which costs more than to copy a few hundred bytes: a flood is answered
 * with nothing else.
 */
@SuppressWarnings("FutureReturnValueIgnored") // what becomes of a write, its promise tells
final class OneBuffer extends ChannelOutboundHandlerAdapter {
    private static final String ENCODER = "httpEncoder"; // as Vert.x names it; over HTTP/2 there is none
    private static final int LARGEST = 2_048;

    private @Nullable ByteBuf header;
    private @Nullable ChannelPromise sent;

    /** So from now on, over HTTP/1. */
    static void on(HttpConnection connection) {
        if (connection instanceof ConnectionBase base) {
            var pipeline = base.channel().pipeline();
            if (pipeline.get(OneBuffer.class) == null && pipeline.get(ENCODER) != null) {
                pipeline.addBefore(ENCODER, null, new OneBuffer());
            }
        }
    }

    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
        if (header == null && message instanceof ByteBuf buffer && mayGrow(buffer) && !promise.isVoid()) {
            header = buffer;
            sent = promise;
        } else if (header != null && message instanceof ByteBuf body && body.readableBytes() <= LARGEST) {
            header.writeBytes(body);
            body.release();
            sendHeader(context);
            promise.trySuccess(); // what becomes of both, the promise of the header tells
        } else {
            sendHeader(context);
            context.write(message, promise);
        }
    }

    @Override
    public void flush(ChannelHandlerContext context) {
        sendHeader(context);
        context.flush();
    }

    @Override
    public void close(ChannelHandlerContext context, ChannelPromise promise) {
        sendHeader(context);
        context.close(promise);
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        sendHeader(context);
    }

    /** Whether nobody else writes to it, as to a body that is sent again and again. A promise is void where all is one buffer. */
    private static boolean mayGrow(ByteBuf buffer) {
        return buffer.isDirect()
                && !buffer.isReadOnly()
                && buffer.refCnt() == 1
                && buffer.isReadable()
                && buffer.readableBytes() <= LARGEST;
    }

    private void sendHeader(ChannelHandlerContext context) {
        if (header != null && sent != null) {
            var buffer = header;
            header = null;
            context.write(buffer, sent);
        }
    }
}
