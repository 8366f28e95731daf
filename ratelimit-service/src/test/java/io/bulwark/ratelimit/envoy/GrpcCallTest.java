package io.bulwark.ratelimit.envoy;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.lang.management.ManagementFactory;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class GrpcCallTest {
    private static final int LONGEST = 65_536;

    private final List<Buffer> messages = new ArrayList<>();
    private Handler<Buffer> chunks;
    private Handler<Void> end;

    @Test
    void aMessageInManyChunksIsPutTogetherInMemoryOfItsSize() {
        var message = GrpcClient.framed(0, new byte[LONGEST]);
        receive();
        var before = allocated();

        for (var i = 0; i < message.length(); i++) {
            chunks.handle(message.getBuffer(i, i + 1));
        }
        end.handle(null);

        assertThat(messages).containsExactly(message);
        assertThat(allocated() - before).isLessThan(100_000_000);
    }

    @Test
    void aChunkIsNotChanged() {
        var message = GrpcClient.framed(0, new byte[] {1, 2, 3});
        var first = message.getBuffer(0, 6);
        receive();

        chunks.handle(first);
        chunks.handle(message.getBuffer(6, 7));
        chunks.handle(message.getBuffer(7, 8));
        end.handle(null);

        assertThat(messages).containsExactly(message);
        assertThat(first).isEqualTo(message.getBuffer(0, 6));
    }

    private void receive() {
        new GrpcCall(request(), LONGEST, message -> {
                    messages.add(message);
                    return new MessageWriter().framed();
                })
                .receive();
    }

    @SuppressWarnings("unchecked")
    private HttpServerRequest request() {
        return stub(HttpServerRequest.class, (method, argument) -> {
            switch (method) {
                case "handler" -> chunks = (Handler<Buffer>) argument;
                case "endHandler" -> end = (Handler<Void>) argument;
                default -> {}
            }
            return method.equals("response") ? stub(HttpServerResponse.class, (any, one) -> null) : null;
        });
    }

    private interface Answer {
        Object to(String method, Object argument);
    }

    /** Fluent methods answer the stub itself. */
    private static <T> T stub(Class<T> type, Answer answer) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type}, (self, method, arguments) -> {
                    var answered = answer.to(method.getName(), arguments == null ? null : arguments[0]);
                    return answered == null && method.getReturnType().isInstance(self) ? self : answered;
                }));
    }

    private static long allocated() {
        return ((ThreadMXBean) ManagementFactory.getThreadMXBean()).getCurrentThreadAllocatedBytes();
    }
}
