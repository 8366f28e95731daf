package io.bulwark.ratelimit.decision;

import io.bulwark.events.Envelope;
import io.bulwark.kit.access.Roles;
import io.bulwark.kit.problem.ProblemBody;
import io.bulwark.ratelimit.block.Scope;
import io.bulwark.ratelimit.forwardauth.ForwardedClient;
import io.bulwark.ratelimit.gateway.GatewayKeys;
import io.bulwark.ratelimit.gateway.GatewayProfile;
import io.bulwark.ratelimit.gateway.PresentedKey;
import io.quarkus.oidc.OIDCException;
import io.quarkus.security.AuthenticationException;
import io.quarkus.security.identity.SecurityIdentity;
import io.quarkus.vertx.http.runtime.security.QuarkusHttpUser;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.eclipse.microprofile.jwt.JsonWebToken;
import org.jspecify.annotations.Nullable;

/**
 * {@code GET /check[/endpoint]}, for gateways that ask by status. On the event loop, from memory, and before every filter
 * where a static key came along: this is the path that every request of an application takes.
 */
@ApplicationScoped
class CheckRoute {
    private static final String PATH = "/check";
    private static final int BEFORE_FILTERS = Integer.MIN_VALUE + 1_000;
    private static final Pattern ENDPOINT = Pattern.compile(Scope.ENDPOINT);

    private static final CharSequence PROBLEM_JSON = HttpHeaders.createOptimized(ProblemBody.MEDIA_TYPE);
    private static final CharSequence NO_STORE = HttpHeaders.createOptimized("no-store");
    private static final CharSequence RETRY_AFTER = HttpHeaders.createOptimized("Retry-After");
    private static final CharSequence WWW_AUTHENTICATE = HttpHeaders.createOptimized("WWW-Authenticate");
    private static final CharSequence CHALLENGE = HttpHeaders.createOptimized("Bearer");

    private static final Buffer BLOCKED = body(403, "blocked", "This address is blocked");
    private static final Buffer NO_CLIENT_ADDRESS = body(
            400,
            "no-client-address",
            "The gateway does not say whose request this is: see X-Forwarded-For and the gateway's registration");
    private static final Buffer INVALID_ENDPOINT = body(400, "invalid-endpoint", "No endpoint has such a name");
    private static final Buffer UNAUTHORIZED = body(401, "unauthorized", "A gateway's key or token is needed");
    private static final Buffer FORBIDDEN = body(403, "forbidden", "Only gateways ask for decisions");
    private static final Buffer UNAVAILABLE =
            body(503, "temporarily-unavailable", "Decisions are not possible for a moment");

    private final GatewayKeys keys;
    private final Decisions decisions;
    private final DecisionCounters counters;
    private final ForwardedClient forwarded;

    CheckRoute(GatewayKeys keys, Decisions decisions, DecisionCounters counters, ForwardedClient forwarded) {
        this.keys = keys;
        this.decisions = decisions;
        this.counters = counters;
        this.forwarded = forwarded;
    }

    void init(@Observes Router router) {
        router.route(PATH + "/*")
                .order(BEFORE_FILTERS)
                .method(HttpMethod.GET)
                .method(HttpMethod.HEAD)
                .handler(this::withKey);
        router.route(PATH + "/*").method(HttpMethod.GET).method(HttpMethod.HEAD).handler(this::withToken);
    }

    private void withKey(RoutingContext request) {
        var key = PresentedKey.of(request.request().headers());
        if (key == null) {
            request.next();
            return;
        }
        var gateway = keys.find(key);
        if (gateway.isPresent()) {
            answer(request, gateway.get().profile());
        } else {
            unauthorized(request);
        }
    }

    private void withToken(RoutingContext request) {
        request.remove(QuarkusHttpUser.AUTH_FAILURE_HANDLER); // it would answer before we do
        QuarkusHttpUser.getSecurityIdentity(request, null)
                .subscribe()
                .with(identity -> answer(request, identity), failure -> {
                    if (failure instanceof AuthenticationException && !issuerIsAway(failure)) {
                        unauthorized(request);
                    } else {
                        unavailable(request);
                    }
                });
    }

    private void answer(RoutingContext request, @Nullable SecurityIdentity identity) {
        if (identity == null || identity.isAnonymous()) {
            unauthorized(request);
        } else if (identity.hasRole(Roles.GATEWAY)) {
            answer(request, GatewayProfile.ofToken(applicationOf(identity)));
        } else {
            counters.count(Outcome.FORBIDDEN);
            refuse(request, 403, FORBIDDEN);
        }
    }

    private void answer(RoutingContext request, GatewayProfile gateway) {
        var path = request.normalizedPath();
        var endpoint = path.length() <= PATH.length() + 1 ? null : path.substring(PATH.length() + 1);
        if (endpoint != null && !ENDPOINT.matcher(endpoint).matches()) {
            counters.count(Outcome.INVALID);
            refuse(request, 400, INVALID_ENDPOINT);
            return;
        }
        var client = forwarded.of(request.request().headers(), gateway);
        if (client == null) {
            counters.count(Outcome.NO_CLIENT_ADDRESS);
            refuse(request, 400, NO_CLIENT_ADDRESS);
            return;
        }
        var decision = decisions.decide(client, gateway.application(), endpoint);
        switch (decision.outcome()) {
            case ALLOWED -> {
                counters.count(Outcome.ALLOWED);
                request.response().end();
            }
            case UNAVAILABLE -> unavailable(request);
            default -> {
                counters.count(decision.outcome());
                request.response().putHeader(RETRY_AFTER, Long.toString(decision.retryAfterSeconds()));
                refuse(request, 403, BLOCKED);
            }
        }
    }

    private void unauthorized(RoutingContext request) {
        counters.count(Outcome.UNAUTHENTICATED);
        request.response().putHeader(WWW_AUTHENTICATE, CHALLENGE);
        refuse(request, 401, UNAUTHORIZED);
    }

    private void unavailable(RoutingContext request) {
        counters.count(Outcome.UNAVAILABLE);
        request.response().putHeader(RETRY_AFTER, "1");
        refuse(request, 503, UNAVAILABLE);
    }

    private static void refuse(RoutingContext request, int status, Buffer body) {
        request.response()
                .setStatusCode(status)
                .putHeader(HttpHeaders.CONTENT_TYPE, PROBLEM_JSON)
                .putHeader(HttpHeaders.CACHE_CONTROL, NO_STORE)
                .end(body);
    }

    private static boolean issuerIsAway(Throwable failure) {
        return Stream.iterate(failure, Objects::nonNull, Throwable::getCause).anyMatch(OIDCException.class::isInstance);
    }

    private static String applicationOf(SecurityIdentity identity) {
        Object application =
                identity.getPrincipal() instanceof JsonWebToken token ? token.getClaim("application") : null;
        return application == null ? Envelope.DEFAULT_APPLICATION : application.toString();
    }

    private static Buffer body(int status, String code, String detail) {
        return Buffer.buffer(ProblemBody.json(status, code, detail));
    }
}
