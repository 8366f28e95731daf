package io.bulwark.ratelimit.forwardauth;

import io.bulwark.events.Envelope;
import io.bulwark.kit.access.Roles;
import io.bulwark.kit.net.Network;
import io.bulwark.ratelimit.decision.Cost;
import io.bulwark.ratelimit.decision.Decision;
import io.bulwark.ratelimit.decision.DecisionCounters;
import io.bulwark.ratelimit.decision.Decisions;
import io.bulwark.ratelimit.decision.Outcome;
import io.bulwark.ratelimit.decision.Question;
import io.bulwark.ratelimit.decision.RateLimitFields;
import io.bulwark.ratelimit.decision.Refusal;
import io.bulwark.ratelimit.gateway.FastRoute;
import io.bulwark.ratelimit.gateway.ForwardedClient;
import io.bulwark.ratelimit.gateway.GatewayKeys;
import io.bulwark.ratelimit.gateway.GatewayProfile;
import io.bulwark.ratelimit.gateway.PresentedKey;
import io.bulwark.ratelimit.policy.Descriptors;
import io.bulwark.ratelimit.prefix.EndpointName;
import io.quarkus.oidc.OIDCException;
import io.quarkus.security.AuthenticationException;
import io.quarkus.security.identity.SecurityIdentity;
import io.quarkus.vertx.http.runtime.security.QuarkusHttpUser;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.Objects;
import java.util.stream.Stream;
import org.eclipse.microprofile.jwt.JsonWebToken;
import org.jspecify.annotations.Nullable;

/**
 * Answers gateways that ask by status, each in its {@link Dialect}: on the fast path where a static key came along, and
 * through Quarkus' routes where a token is to be checked.
 */
@Singleton
class DecisionRoutes implements FastRoute {
    private static final CharSequence ENDPOINT = HttpHeaders.createOptimized("X-Bulwark-Endpoint");
    private static final CharSequence COST = HttpHeaders.createOptimized("X-Bulwark-Cost");

    private final GatewayKeys keys;
    private final Decisions decisions;
    private final DecisionCounters counters;
    private final ForwardedClient forwarded;

    DecisionRoutes(GatewayKeys keys, Decisions decisions, DecisionCounters counters, ForwardedClient forwarded) {
        this.keys = keys;
        this.decisions = decisions;
        this.counters = counters;
        this.forwarded = forwarded;
    }

    void init(@Observes Router router) {
        for (var dialect : Dialect.values()) {
            router.route(dialect.path() + "/*").handler(request -> withToken(request, dialect));
        }
    }

    @Override
    public boolean answers(HttpServerRequest request) {
        var dialect = dialect(request);
        var key = dialect == null ? null : PresentedKey.of(request.headers());
        if (dialect == null || key == null) {
            return false;
        }
        var gateway = keys.find(key);
        if (gateway.isPresent()) {
            answer(request, dialect, gateway.get().profile());
        } else {
            unauthorized(request);
        }
        return true;
    }

    private void withToken(RoutingContext context, Dialect dialect) {
        var request = context.request();
        if (dialect(request) != dialect) {
            context.next(); // another method, or a path that is this one only after its dots are resolved
            return;
        }
        context.remove(QuarkusHttpUser.AUTH_FAILURE_HANDLER); // it would answer before we do
        QuarkusHttpUser.getSecurityIdentity(context, null)
                .subscribe()
                .with(identity -> answer(request, dialect, identity), failure -> {
                    if (failure instanceof AuthenticationException && !issuerIsAway(failure)) {
                        unauthorized(request);
                    } else {
                        counters.count(Outcome.UNAVAILABLE);
                        Answers.unavailable(request.response());
                    }
                });
    }

    private void answer(HttpServerRequest request, Dialect dialect, @Nullable SecurityIdentity identity) {
        if (identity == null || identity.isAnonymous()) {
            unauthorized(request);
        } else if (identity.hasRole(Roles.GATEWAY)) {
            answer(request, dialect, GatewayProfile.ofToken(applicationOf(identity)));
        } else {
            counters.count(Outcome.FORBIDDEN);
            Answers.forbidden(request.response());
        }
    }

    private void answer(HttpServerRequest request, Dialect dialect, GatewayProfile gateway) {
        var path = request.path();
        var endpoint = endpoint(request, path, dialect);
        if (endpoint != null && !EndpointName.isOne(endpoint)) {
            counters.count(Outcome.INVALID);
            Answers.invalidEndpoint(request.response());
            return;
        }
        var client = forwarded.of(request.headers(), gateway);
        if (client == null) {
            counters.count(Outcome.NO_CLIENT_ADDRESS);
            Answers.noClientAddress(request.response());
            return;
        }
        var headers = request.headers();
        var knows = gateway.authenticatedHeader();
        answer(
                request,
                dialect,
                gateway,
                decisions.decide(new Question(
                        client,
                        gateway.application(),
                        endpoint,
                        cost(request, path, dialect),
                        descriptors(headers, client),
                        knows != null && headers.contains(knows))));
    }

    /**
     * The client's headers. Its address stands for the one that has the gateway's own key: counted by that, all clients would
     * be one.
     */
    private static Descriptors descriptors(MultiMap headers, Network client) {
        return name -> PresentedKey.isIn(headers, name) ? client.clientNetwork().toString() : headers.get(name);
    }

    private static void answer(HttpServerRequest request, Dialect dialect, GatewayProfile gateway, Decision decision) {
        var response = request.response();
        var standing = decision.standing();
        if (standing != null) {
            RateLimitFields.write(response.headers()::add, standing, gateway.headers());
        }
        switch (decision.outcome()) {
            case ALLOWED -> Answers.allow(response);
            case UNAVAILABLE -> undecided(response, gateway, decision);
            default -> Answers.refuse(request, dialect, Refusal.of(decision));
        }
    }

    static void undecided(HttpServerResponse response, GatewayProfile gateway, Decision decision) {
        if (decision.isServedUndecided(gateway.undecided())) {
            Answers.allowUndecided(response);
        } else {
            Answers.unavailable(response);
        }
    }

    /** Behind the endpoint; where the path is the client's own, in a header beside the endpoint's. */
    private static long cost(HttpServerRequest request, String path, Dialect dialect) {
        if (dialect == Dialect.EXT_AUTHZ) {
            var cost = request.headers().get(COST);
            return cost == null ? Question.USUAL_COST : Cost.of(cost, 0);
        }
        var slash = path.indexOf('/', dialect.path().length() + 1);
        return slash < 0 ? Question.USUAL_COST : Cost.of(path, slash + 1);
    }

    private void unauthorized(HttpServerRequest request) {
        counters.count(Outcome.UNAUTHENTICATED);
        Answers.unauthorized(request.response());
    }

    private static @Nullable Dialect dialect(HttpServerRequest request) {
        var dialect = Dialect.at(request.path());
        if (dialect == null || dialect == Dialect.EXT_AUTHZ) {
            return dialect;
        }
        // APISIX and ingress-nginx may be told to post, and then send their client's body, which is not read
        var method = request.method();
        return method.equals(HttpMethod.GET) || method.equals(HttpMethod.HEAD) || method.equals(HttpMethod.POST)
                ? dialect
                : null;
    }

    /** Where the path is the client's own, as behind Envoy, a header that only the gateway can write names the endpoint. */
    private static @Nullable String endpoint(HttpServerRequest request, String path, Dialect dialect) {
        if (dialect == Dialect.EXT_AUTHZ) {
            return request.headers().get(ENDPOINT);
        }
        var name = dialect.path().length() + 1;
        if (path.length() <= name) {
            return null;
        }
        var slash = path.indexOf('/', name);
        return slash < 0 || Cost.of(path, slash + 1) == Question.USUAL_COST
                ? path.substring(name)
                : path.substring(name, slash);
    }

    private static boolean issuerIsAway(Throwable failure) {
        return Stream.iterate(failure, Objects::nonNull, Throwable::getCause).anyMatch(OIDCException.class::isInstance);
    }

    private static String applicationOf(SecurityIdentity identity) {
        Object application =
                identity.getPrincipal() instanceof JsonWebToken token ? token.getClaim("application") : null;
        return application == null ? Envelope.DEFAULT_APPLICATION : application.toString();
    }
}
