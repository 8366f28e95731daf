package io.bulwark.ratelimit.envoy;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.util.function.Function;
import org.jboss.logging.Logger;

/** One unary call: a message in, a message or a refusal out. */
final class GrpcCall {
    /** Bytes before a message: whether it is compressed, and its length. */
    static final int PREFIX = 5;

    private static final Logger LOG = Logger.getLogger(GrpcCall.class);
    private static final CharSequence GRPC = HttpHeaders.createOptimized("application/grpc");
    private static final CharSequence STATUS = HttpHeaders.createOptimized("grpc-status");
    private static final CharSequence MESSAGE = HttpHeaders.createOptimized("grpc-message");
    private static final CharSequence OK = HttpHeaders.createOptimized("0");

    private final HttpServerRequest request;
    private final int maxMessage;
    private final Function<Buffer, Buffer> method;
    private Buffer received = Buffer.buffer(0);
    private boolean ownsReceived;
    private boolean answered;

    /** @param method from the message to the message that answers it, both with their prefix */
    GrpcCall(HttpServerRequest request, int maxMessage, Function<Buffer, Buffer> method) {
        this.request = request;
        this.maxMessage = maxMessage;
        this.method = method;
    }

    /** Answers once all of the message is there. */
    void receive() {
        request.handler(this::more);
        request.endHandler(end -> finish());
    }

    static void refuse(HttpServerRequest request, GrpcRefusal refusal) {
        request.response()
                .putHeader(HttpHeaders.CONTENT_TYPE, GRPC)
                .putHeader(STATUS, Integer.toString(refusal.status()))
                .putHeader(MESSAGE, refusal.getMessage())
                .end();
    }

    private void more(Buffer chunk) {
        if (answered) {
            return;
        }
        if (received.length() + chunk.length() > PREFIX + maxMessage) {
            answered = true;
            refuse(request, new GrpcRefusal(GrpcRefusal.RESOURCE_EXHAUSTED, "the message is too large"));
            return;
        }
        if (received.length() == 0) {
            received = chunk;
        } else {
            own().appendBuffer(chunk);
        }
    }

    /** Most messages are one chunk, which is not ours to append to. A copy for every chunk would be quadratic. */
    private Buffer own() {
        if (!ownsReceived) {
            received = Buffer.buffer(2 * received.length()).appendBuffer(received);
            ownsReceived = true;
        }
        return received;
    }

    private void finish() {
        if (answered) {
            return;
        }
        answered = true;
        try {
            requireOneMessage();
            answer(method.apply(received));
        } catch (GrpcRefusal refusal) {
            refuse(request, refusal);
        } catch (RuntimeException e) {
            LOG.error("A gRPC call failed", e);
            refuse(request, new GrpcRefusal(GrpcRefusal.INTERNAL, "internal error"));
        }
    }

    private void requireOneMessage() {
        if (received.length() >= PREFIX && received.getByte(0) != 0) {
            throw new GrpcRefusal(GrpcRefusal.UNIMPLEMENTED, "compressed messages are not read");
        }
        if (received.length() < PREFIX || received.getUnsignedInt(1) != received.length() - PREFIX) {
            throw new GrpcRefusal(GrpcRefusal.INTERNAL, "one whole message is wanted");
        }
    }

    private void answer(Buffer framed) {
        request.response()
                .putHeader(HttpHeaders.CONTENT_TYPE, GRPC)
                .putTrailer(STATUS, OK)
                .end(framed);
    }
}
