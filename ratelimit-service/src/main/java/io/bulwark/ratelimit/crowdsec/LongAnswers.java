package io.bulwark.ratelimit.crowdsec;

import io.bulwark.kit.http.StreamedAnswer;
import io.bulwark.kit.http.StreamedAnswer.Content;
import io.bulwark.kit.http.StreamedAnswer.Unsent;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Sends answers that memory has no room for, where many ask at once, away from the event loops, which have decisions to make
 * meanwhile.
 */
@ApplicationScoped
class LongAnswers {
    /** Who comes later waits: what has ended is gathered until the end of an answer. */
    private static final int AT_ONCE = 8;

    /** Waiting included. Who reads as slowly as that is cut off, or a few could keep all others from starting. */
    private static final Duration LIMIT = Duration.ofMinutes(2);

    private final Semaphore free = new Semaphore(AT_ONCE, true);

    /** Held while a piece is written, not while it is sent: the other cores are for decisions. */
    private final Semaphore turn = new Semaphore(1, true);

    /**
     * On the event loop; the caller has set the fields of the header.
     *
     * @return succeeds once all of it is sent
     */
    Future<Void> send(RoutingContext request, Content content) {
        var loop = request.vertx().getOrCreateContext();
        var deadline = System.nanoTime() + LIMIT.toNanos();
        return new StreamedAnswer(request.request(), () -> deadline - System.nanoTime())
                .send("bouncer-answer", pieces -> whenFree(content, pieces))
                .onFailure(e -> loop.runOnContext(any -> refuse(request, e)));
    }

    private static void refuse(RoutingContext request, Throwable failure) {
        if (!request.response().headWritten()) {
            request.fail(failure instanceof Unsent ? 503 : 500, failure);
        }
    }

    private Buffer whenFree(Content content, Consumer<Buffer> pieces) {
        try {
            if (!free.tryAcquire(LIMIT.toNanos(), TimeUnit.NANOSECONDS)) {
                throw new Unsent("others were not done in " + LIMIT);
            }
            try {
                return inTurn(content, pieces);
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
}
