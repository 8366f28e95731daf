package io.bulwark.ratelimit.crowdsec;

import io.bulwark.kit.http.StreamedAnswer.Content;
import io.bulwark.ratelimit.crowdsec.Bouncers.Bouncer;
import io.bulwark.ratelimit.decision.Decisions;
import io.bulwark.ratelimit.gateway.Gateway;
import io.bulwark.ratelimit.gateway.GatewayKeys;
import io.bulwark.ratelimit.gateway.PresentedKey;
import io.bulwark.ratelimit.gateway.RouteOrder;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.time.InstantSource;
import java.util.Objects;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;

/**
 * {@code /v1/decisions}, {@code /v1/decisions/stream}, {@code /v1/usage-metrics} and {@code /health} as CrowdSec's Local
 * API has them, its errors included. On the event loop, from memory, before every filter.
 */
@ApplicationScoped
class BouncerRoute {
    /** Decisions in an answer that the event loop writes by itself. */
    private static final int SHORT = 500;

    private static final int MOST_PROGRAM = 128;
    private static final CharSequence JSON = HttpHeaders.createOptimized("application/json; charset=utf-8");
    private static final CharSequence TEXT = HttpHeaders.createOptimized("text/plain; charset=utf-8");
    private static final Buffer FORBIDDEN = message("access forbidden");
    private static final Buffer NOT_LOADED = message("decisions are not loaded yet");
    private static final Buffer UNREADABLE = message("the query cannot be read");
    private static final Buffer UP = Buffer.buffer("{\"status\":\"up\"}");
    private static final Buffer DOWN = Buffer.buffer("{\"status\":\"down\"}");

    private final GatewayKeys keys;
    private final Ledgers ledgers;
    private final Bouncers bouncers;
    private final LongAnswers longAnswers;
    private final BooleanSupplier ready;
    private final CrowdSecConfig config;
    private final InstantSource clock;

    @Inject
    BouncerRoute(
            GatewayKeys keys,
            Ledgers ledgers,
            Bouncers bouncers,
            LongAnswers longAnswers,
            Decisions decisions,
            CrowdSecConfig config,
            InstantSource clock) {
        this(keys, ledgers, bouncers, longAnswers, decisions::isReady, config, clock);
    }

    /** @param ready false until every block is known, and everyone whom the allowlist serves */
    BouncerRoute(
            GatewayKeys keys,
            Ledgers ledgers,
            Bouncers bouncers,
            LongAnswers longAnswers,
            BooleanSupplier ready,
            CrowdSecConfig config,
            InstantSource clock) {
        this.keys = keys;
        this.ledgers = ledgers;
        this.bouncers = bouncers;
        this.longAnswers = longAnswers;
        this.ready = ready;
        this.config = config;
        this.clock = clock;
    }

    void init(@Observes Router router) {
        read(router, "/v1/decisions", this::decisions);
        read(router, "/v1/decisions/stream", this::stream);
        at(router, "/v1/usage-metrics")
                .method(HttpMethod.POST)
                .handler(request -> authenticated(request, (any, gateway) -> usage(any)));
        at(router, "/health").method(HttpMethod.GET).handler(this::health);
        for (var path : new String[] {"/v1/decisions", "/v1/decisions/stream", "/v1/usage-metrics"}) {
            at(router, path).handler(request -> empty(request, 405));
        }
        at(router, "/v1/*").handler(request -> empty(request, 404));
    }

    private void read(Router router, String path, BiConsumer<RoutingContext, Gateway> handler) {
        at(router, path).method(HttpMethod.GET).handler(request -> authenticated(request, handler));
        at(router, path)
                .method(HttpMethod.HEAD)
                .handler(request -> authenticated(request, (any, gateway) -> {
                    request.response().putHeader(HttpHeaders.CONTENT_TYPE, TEXT);
                    empty(request, 200);
                }));
    }

    private static Route at(Router router, String path) {
        return router.route(path).order(RouteOrder.PROTOCOLS);
    }

    private void authenticated(RoutingContext request, BiConsumer<RoutingContext, Gateway> handler) {
        var key = PresentedKey.of(request.request().headers());
        var gateway = key == null ? null : keys.find(key).orElse(null);
        if (gateway == null) {
            answer(request, 403, FORBIDDEN);
        } else if (!ready.getAsBoolean()) {
            answer(request, 503, NOT_LOADED);
        } else {
            try {
                handler.accept(request, gateway);
            } catch (IllegalArgumentException e) { // a query with half an escape in it
                answer(request, 400, UNREADABLE);
            }
        }
    }

    private void decisions(RoutingContext request, Gateway gateway) {
        try {
            var filter = Filter.ofQuery(request.request().params());
            var ledger = ledgers.of(gateway.application());
            if (filter.network() != null && !filter.within() || ledger.size() <= SHORT) {
                answer(request, 200, BouncerJson.decisions(ledger, filter, clock.millis()));
            } else {
                later(request, pieces -> BouncerJson.decisions(ledger, filter, clock.millis(), pieces));
            }
        } catch (Filter.Unfilterable e) {
            answer(request, 500, message(Objects.requireNonNull(e.getMessage())));
        }
    }

    private void stream(RoutingContext request, Gateway gateway) {
        var parameters = request.request().params();
        var filter = Filter.ofStream(parameters);
        var ledger = ledgers.of(gateway.application());
        var bouncer = bouncerOf(request, gateway);
        var position = "true".equals(parameters.get("startup")) ? Bouncers.NOWHERE : bouncers.position(bouncer);
        var end = ledger.end();
        // Not the end of the request: one that was reset under HTTP/2 ends as one that was answered does.
        stream(request, ledger, filter, position).onSuccess(sent -> bouncers.advance(bouncer, end));
    }

    private Future<Void> stream(RoutingContext request, Ledger ledger, Filter filter, long position) {
        var now = clock.millis();
        if (position == Bouncers.NOWHERE) {
            return ledger.size() <= SHORT
                    ? answer(request, 200, BouncerJson.whole(ledger, filter, now))
                    : later(request, pieces -> BouncerJson.stream(ledger, position, now, filter, now, pieces));
        }
        var lately = now - config.repeated().toMillis();
        return ledger.changes(position, lately, SHORT) <= SHORT
                ? answer(request, 200, BouncerJson.stream(ledger, position, lately, filter, now))
                : later(request, pieces -> BouncerJson.stream(ledger, position, lately, filter, now, pieces));
    }

    private static Bouncer bouncerOf(RoutingContext request, Gateway gateway) {
        var program = request.request().getHeader(HttpHeaders.USER_AGENT);
        var address = request.request().remoteAddress().hostAddress();
        return new Bouncer(
                gateway.id(),
                address == null ? "" : address,
                program == null ? "" : program.substring(0, Math.min(MOST_PROGRAM, program.length())));
    }

    private void usage(RoutingContext request) {
        var gzip = "gzip".equalsIgnoreCase(request.request().getHeader(HttpHeaders.CONTENT_ENCODING));
        var body = Buffer.buffer();
        request.request().handler(chunk -> {
            if (body.length() + chunk.length() <= UsageMetrics.MOST_BYTES) {
                body.appendBuffer(chunk);
            } else if (!request.response().ended()) {
                request.response().putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
                empty(request, 413);
            }
        });
        request.request().endHandler(end -> {
            if (!request.response().ended()) {
                empty(request, UsageMetrics.statusOf(body, gzip));
            }
        });
    }

    private void health(RoutingContext request) {
        var loaded = ready.getAsBoolean();
        answer(request, loaded ? 200 : 503, loaded ? UP : DOWN);
    }

    private Future<Void> later(RoutingContext request, Content content) {
        request.response().putHeader(HttpHeaders.CONTENT_TYPE, JSON);
        return longAnswers.send(request, content);
    }

    private static Future<Void> answer(RoutingContext request, int status, Buffer json) {
        return request.response()
                .setStatusCode(status)
                .putHeader(HttpHeaders.CONTENT_TYPE, JSON)
                .end(json);
    }

    private static void empty(RoutingContext request, int status) {
        request.response().setStatusCode(status).end();
    }

    private static Buffer message(String text) {
        return new JsonObject().put("message", text).toBuffer();
    }
}
