package io.bulwark.ratelimit.envoy;

import io.bulwark.ratelimit.decision.ResponseFields;
import io.vertx.core.buffer.Buffer;
import java.util.function.Consumer;

/** {@code envoy.service.auth.v3.CheckResponse}, as a frame of gRPC. */
final class AuthorizationReply {
    private static final int INVALID_ARGUMENT = 3;
    private static final int PERMISSION_DENIED = 7;
    private static final int RESOURCE_EXHAUSTED = 8;

    private static final int OVERWRITE_IF_EXISTS_OR_ADD = 2;
    private static final int EXPECTED = 1_024;

    private static final byte[] OK = {};

    private AuthorizationReply() {}

    /**
     * @param toApplication writes headers that the application gets
     * @param toClient writes headers that the client gets
     */
    static Buffer allowed(Consumer<ResponseFields> toApplication, Consumer<ResponseFields> toClient) {
        var out = new MessageWriter().bytes(1, OK);
        var ok = out.begin(3);
        toApplication.accept(options(out, 2));
        toClient.accept(options(out, 6));
        return out.end(ok).framed();
    }

    /**
     * @param status that the client gets
     * @param headers writes those that the client gets
     * @param body a problem
     */
    static Buffer denied(int status, Consumer<ResponseFields> headers, byte[] body) {
        var out = new MessageWriter(EXPECTED);
        var code = out.begin(1);
        out.number(1, code(status)).end(code);
        var denied = out.begin(2);
        var http = out.begin(1);
        out.number(1, status).end(http);
        var fields = options(out, 2);
        ProblemFields.write(fields);
        headers.accept(fields);
        return out.bytes(3, body).end(denied).framed();
    }

    private static int code(int status) {
        return switch (status) {
            case 400 -> INVALID_ARGUMENT;
            case 429 -> RESOURCE_EXHAUSTED;
            default -> PERMISSION_DENIED;
        };
    }

    /** They replace what Envoy has: its own content type would stand beside ours. */
    private static ResponseFields options(MessageWriter out, int field) {
        return (name, value) -> {
            var option = out.begin(field);
            out.header(1, name, value).number(3, OVERWRITE_IF_EXISTS_OR_ADD).end(option);
        };
    }
}
