package io.bulwark.ratelimit.crowdsec;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jboss.logging.Logger;

/**
 * Sends answers that memory has no room for, where many ask at once: in pieces, the next one written when the last is on its
 * way. On virtual threads, which wait for that, and away from the event loops, which have decisions to make meanwhile.
 */
@ApplicationScoped
class LongAnswers {
    private static final Logger LOG = Logger.getLogger(LongAnswers.class);

    /** Who comes later waits: what has ended is gathered until the end of an answer. */
    private static final int AT_ONCE = 8;

    /** Waiting included. Who reads as slowly as that is cut off, or a few could keep all others from starting. */
    private static final Duration LIMIT = Duration.ofMinutes(2);

    private final Semaphore free = new Semaphore(AT_ONCE, true);

    /** Held while a piece is written, not while it is sent: the other cores are for decisions. */
    private final Semaphore turn = new Semaphore(1, true);

    /** Writes the answer, and hands over what there is of it whenever that is enough for a piece. */
    interface Content {
        /** @return the rest */
        Buffer write(Consumer<Buffer> pieces);
    }

    /**
     * On the event loop; the caller has set the fields of the header.
     *
     * @return succeeds once all of it is sent
     */
    Future<Void> send(RoutingContext request, Content content) {
        var loop = request.vertx().getOrCreateContext();
        var sent = Promise.<Void>promise();
        request.response().setChunked(true);
        Thread.ofVirtual().name("bouncer-answer").start(() -> {
            try {
                send(request.response(), content).onComplete(sent);
            } catch (Unsent e) {
                LOG.debugf("An answer to a bouncer was broken off: %s", e.getMessage());
                loop.runOnContext(any -> breakOff(request, 503, e));
                sent.fail(e);
            } catch (RuntimeException e) {
                LOG.error("An answer to a bouncer failed", e);
                loop.runOnContext(any -> breakOff(request, 500, e));
                sent.fail(e);
            }
        });
        return sent.future();
    }

    /** Once a piece is on its way, only a connection that ends too early tells that the answer is not whole. */
    private static void breakOff(RoutingContext request, int status, RuntimeException failure) {
        if (request.response().headWritten()) {
            request.response().reset();
        } else {
            request.fail(status, failure);
        }
    }

    private Future<Void> send(HttpServerResponse response, Content content) {
        var deadline = System.nanoTime() + LIMIT.toNanos();
        try {
            if (!free.tryAcquire(LIMIT.toNanos(), TimeUnit.NANOSECONDS)) {
                throw new Unsent("others were not done in " + LIMIT);
            }
            try {
                return response.end(inTurn(content, piece -> await(response.write(piece), deadline)));
            } finally {
                free.release();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Unsent("interrupted");
        }
    }

    private Buffer inTurn(Content content, Consumer<Buffer> send) {
        turn.acquireUninterruptibly();
        try {
            return content.write(piece -> {
                turn.release();
                try {
                    send.accept(piece);
                } finally {
                    turn.acquireUninterruptibly();
                }
            });
        } finally {
            turn.release();
        }
    }

    private static void await(Future<Void> sent, long deadline) {
        try {
            sent.toCompletionStage()
                    .toCompletableFuture()
                    .get(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
        } catch (ExecutionException e) {
            throw new Unsent(String.valueOf(e.getCause().getMessage()));
        } catch (TimeoutException e) {
            throw new Unsent("it was not read in " + LIMIT);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Unsent("interrupted");
        }
    }

    /** Nobody reads it any more, or too slowly. */
    private static final class Unsent extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Unsent(String message) {
            super(message, null, false, false);
        }
    }
}
