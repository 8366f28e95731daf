package io.bulwark.ratelimit.forwardauth;

import io.netty.buffer.AbstractByteBufAllocator;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.impl.Http1xServerConnection;

/**
 * Makes buffers for what is sent with room for a small body. Netty's encoder of HTTP/1 writes a body behind its header where
 * there is room for it, and else hands it on apart; and two buffers make a {@code writev}, which costs more than to copy a few
 * hundred bytes: a flood is answered with nothing else.
 */
final class RoomForBody extends AbstractByteBufAllocator {
    /** A problem is shorter. */
    private static final int ROOM = 1_024;

    private final ByteBufAllocator allocator;

    RoomForBody(ByteBufAllocator allocator) {
        super(true);
        this.allocator = allocator;
    }

    /** So from now on, over HTTP/1: over HTTP/2 a body is a frame of its own. */
    static void on(HttpConnection connection) {
        if (connection instanceof Http1xServerConnection http) {
            var config = http.channel().config();
            var allocator = config.getAllocator();
            if (!(allocator instanceof RoomForBody)) {
                config.setAllocator(new RoomForBody(allocator));
            }
        }
    }

    @Override
    public ByteBuf buffer(int initialCapacity) {
        return allocator.directBuffer(initialCapacity + ROOM);
    }

    @Override
    protected ByteBuf newHeapBuffer(int initialCapacity, int maxCapacity) {
        return allocator.heapBuffer(initialCapacity, maxCapacity);
    }

    @Override
    protected ByteBuf newDirectBuffer(int initialCapacity, int maxCapacity) {
        return allocator.directBuffer(initialCapacity, maxCapacity);
    }

    @Override
    public boolean isDirectBufferPooled() {
        return allocator.isDirectBufferPooled();
    }
}
