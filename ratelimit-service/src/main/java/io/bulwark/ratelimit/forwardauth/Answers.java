package io.bulwark.ratelimit.forwardauth;

import io.bulwark.kit.problem.ProblemBody;
import io.bulwark.ratelimit.decision.Refusal;
import io.netty.buffer.Unpooled;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;

/** Writes what a gateway is told. */
final class Answers {
    private static final CharSequence PROBLEM_JSON = HttpHeaders.createOptimized(ProblemBody.MEDIA_TYPE);
    private static final CharSequence NO_STORE = HttpHeaders.createOptimized("no-store");
    private static final CharSequence RETRY_AFTER = HttpHeaders.createOptimized("Retry-After");
    private static final CharSequence WWW_AUTHENTICATE = HttpHeaders.createOptimized("WWW-Authenticate");
    private static final CharSequence CHALLENGE = HttpHeaders.createOptimized("Bearer");
    private static final CharSequence STATUS = HttpHeaders.createOptimized("X-RateLimit-Status");
    private static final CharSequence UNDECIDED = HttpHeaders.createOptimized("X-Bulwark-Undecided");
    private static final CharSequence TRUE = HttpHeaders.createOptimized("true");
    private static final CharSequence ONE_SECOND = HttpHeaders.createOptimized("1");
    private static final Buffer NOTHING = Buffer.buffer(Unpooled.EMPTY_BUFFER);

    private static final Buffer NO_CLIENT_ADDRESS = body(
            400,
            "no-client-address",
            "The gateway does not say whose request this is: see X-Forwarded-For and the gateway's registration");
    private static final Buffer INVALID_ENDPOINT = body(400, "invalid-endpoint", "No endpoint has such a name");
    private static final Buffer UNAUTHORIZED = body(401, "unauthorized", "A gateway's key or token is needed");
    private static final Buffer FORBIDDEN = body(403, "forbidden", "Only gateways ask for decisions");
    private static final Buffer UNAVAILABLE =
            body(503, "temporarily-unavailable", "Decisions are not possible for a moment");

    private Answers() {}

    /** Only 200 allows behind Envoy: 204 would refuse. */
    static void allow(HttpServerResponse response) {
        end(response, NOTHING);
    }

    static void allowUndecided(HttpServerResponse response) {
        end(response.putHeader(UNDECIDED, TRUE), NOTHING);
    }

    /**
     * nginx knows no other refusal than 403, and drops the body. For Envoy a 5xx is a check that failed, which may let everybody
     * through.
     */
    static void refuse(HttpServerRequest request, Dialect dialect, Refusal refusal) {
        var response = request.response();
        var headers = response.headers();
        refusal.write(headers::add);
        if (dialect == Dialect.AUTH_REQUEST) {
            headers.add(STATUS, Integer.toString(refusal.status())).add(HttpHeaders.CACHE_CONTROL, NO_STORE);
            end(response.setStatusCode(403), NOTHING);
        } else {
            RoomForBody.on(request.connection());
            var isFailure = dialect == Dialect.EXT_AUTHZ && refusal.status() >= 500;
            refuse(response, isFailure ? 403 : refusal.status(), Buffer.buffer(refusal.body()));
        }
    }

    static void noClientAddress(HttpServerResponse response) {
        refuse(response, 400, NO_CLIENT_ADDRESS);
    }

    static void invalidEndpoint(HttpServerResponse response) {
        refuse(response, 400, INVALID_ENDPOINT);
    }

    static void unauthorized(HttpServerResponse response) {
        response.putHeader(WWW_AUTHENTICATE, CHALLENGE);
        refuse(response, 401, UNAUTHORIZED);
    }

    static void forbidden(HttpServerResponse response) {
        refuse(response, 403, FORBIDDEN);
    }

    /** In every dialect 503: it is no decision, and the gateway's own setting for an absent service applies. */
    static void unavailable(HttpServerResponse response) {
        response.putHeader(RETRY_AFTER, ONE_SECOND);
        refuse(response, 503, UNAVAILABLE);
    }

    private static void refuse(HttpServerResponse response, int status, Buffer body) {
        response.headers().add(HttpHeaders.CONTENT_TYPE, PROBLEM_JSON).add(HttpHeaders.CACHE_CONTROL, NO_STORE);
        end(response.setStatusCode(status), body);
    }

    /**
     * Nobody waits until it is written, and HTTP/1 then makes no promises of it. HTTP/2 makes one all the same, and would end the
     * connection, with all of its streams, where it is broken.
     */
    private static void end(HttpServerResponse response, Buffer body) {
        if (response.streamId() < 0) {
            response.end(body, null);
        } else if (body.length() == 0) {
            response.end(); // an empty body would be a frame of its own
        } else {
            response.end(body);
        }
    }

    private static Buffer body(int status, String code, String detail) {
        return Buffer.buffer(ProblemBody.json(status, code, detail));
    }
}
