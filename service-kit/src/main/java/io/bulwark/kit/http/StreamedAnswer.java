package io.bulwark.kit.http;

import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.impl.ConnectionBase;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jboss.logging.Logger;

/**
 * An answer that memory has no room for, sent in pieces: the next one is written when the last is on its way, on a virtual
 * thread, which waits for that. One that is broken off does not look whole: it ends before its last chunk, and its connection
 * is reset, for a proxy that speaks HTTP/1.0 knows of no chunks and takes a connection that is closed for the end.
 */
public final class StreamedAnswer {
    private static final Logger LOG = Logger.getLogger(StreamedAnswer.class);
    private static final long INTERNAL_ERROR = 2; // RFC 9113, section 7

    private final HttpServerRequest request;
    private final LongSupplier patience;

    /** @param patience how many nanoseconds a piece that is written now may take to be on its way */
    public StreamedAnswer(HttpServerRequest request, LongSupplier patience) {
        this.request = request;
        this.patience = patience;
    }

    /** Writes the answer, and hands over what there is of it whenever that is enough for a piece. */
    public interface Content {
        /** @return the rest */
        Buffer write(Consumer<Buffer> pieces);
    }

    /** Nobody reads it any more, or too slowly. */
    public static final class Unsent extends RuntimeException {
        private static final long serialVersionUID = 1L;

        public Unsent(String message) {
            super(message, null, false, false);
        }
    }

    /**
     * Sends it; status and header are the response's.
     *
     * @return succeeds once all of it is sent; fails, and something else can be answered, where the content fails before its
     *     first piece, and fails where the answer was broken off
     */
    public Future<Void> send(String thread, Content content) {
        var response = request.response().setChunked(true);
        if (request.method().equals(HttpMethod.HEAD)) {
            return response.end();
        }
        var sent = Promise.<Void>promise();
        Thread.ofVirtual().name(thread).start(() -> {
            try {
                response.end(content.write(this::send)).onComplete(sent);
            } catch (RuntimeException e) {
                if (response.headWritten()) {
                    breakOff(e);
                }
                sent.fail(e);
            }
        });
        return sent.future();
    }

    private void send(Buffer piece) {
        var sent = request.response().write(piece).toCompletionStage().toCompletableFuture();
        try {
            sent.get(Math.max(0, patience.getAsLong()), TimeUnit.NANOSECONDS);
        } catch (ExecutionException e) {
            throw new Unsent(String.valueOf(e.getCause().getMessage()));
        } catch (TimeoutException e) {
            throw new Unsent("it was not read in time");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Unsent("interrupted");
        }
    }

    private void breakOff(RuntimeException failure) {
        if (failure instanceof Unsent) {
            LOG.debugf("The answer to %s was broken off: %s", request.path(), failure.getMessage());
        } else {
            LOG.errorf(failure, "The answer to %s was broken off", request.path());
        }
        if (request.version() == HttpVersion.HTTP_2) {
            request.response().reset(INTERNAL_ERROR);
        } else {
            var channel = ((ConnectionBase) request.connection()).channel();
            channel.eventLoop().execute(() -> reset(channel));
        }
    }

    /** Vert.x would close it once all that was written is read, and tell a client of TLS that this was all. */
    private static void reset(Channel channel) {
        if (channel.isActive()) {
            channel.config().setOption(ChannelOption.SO_LINGER, 0);
            var unused = channel.pipeline().firstContext().close();
        }
    }
}
