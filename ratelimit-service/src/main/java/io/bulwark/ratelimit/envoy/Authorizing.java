package io.bulwark.ratelimit.envoy;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.bulwark.kit.net.HopText;
import io.bulwark.kit.net.Network;
import io.bulwark.kit.problem.ProblemBody;
import io.bulwark.ratelimit.decision.Cost;
import io.bulwark.ratelimit.decision.Decision;
import io.bulwark.ratelimit.decision.DecisionCounters;
import io.bulwark.ratelimit.decision.Decisions;
import io.bulwark.ratelimit.decision.Outcome;
import io.bulwark.ratelimit.decision.Question;
import io.bulwark.ratelimit.decision.RateLimitFields;
import io.bulwark.ratelimit.decision.Refusal;
import io.bulwark.ratelimit.decision.ResponseFields;
import io.bulwark.ratelimit.decision.Standing;
import io.bulwark.ratelimit.gateway.ForwardedClient;
import io.bulwark.ratelimit.gateway.GatewayProfile;
import io.bulwark.ratelimit.prefix.EndpointName;
import io.netty.util.AsciiString;
import io.vertx.core.buffer.Buffer;
import jakarta.inject.Singleton;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Answers {@code Check}: the question of {@code /ext-authz} in another form. */
@Singleton
class Authorizing {
    private static final String ENDPOINT = "bulwark-endpoint";
    private static final String COST = "bulwark-cost";
    private static final String FORWARDED_FOR = "x-forwarded-for";

    private static final Buffer ALLOWED = AuthorizationReply.allowed(application -> {}, client -> {});
    private static final Buffer UNDECIDED =
            AuthorizationReply.allowed(Authorizing::tellUndecided, Authorizing::tellUndecided);
    private static final Buffer NO_CLIENT_ADDRESS = invalid(
            "no-client-address",
            "Envoy does not say whose request this is: see use_remote_address and the gateway's registration");
    private static final Buffer INVALID_ENDPOINT = invalid("invalid-endpoint", "No endpoint has such a name");

    private final Decisions decisions;
    private final DecisionCounters counters;
    private final ForwardedClient forwarded;

    Authorizing(Decisions decisions, DecisionCounters counters, ForwardedClient forwarded) {
        this.decisions = decisions;
        this.counters = counters;
        this.forwarded = forwarded;
    }

    /** @throws GrpcRefusal where there is no decision, so that Envoy's {@code failure_mode_allow} applies */
    Buffer answer(GatewayProfile gateway, AuthorizationQuery query) {
        var endpoint = query.extension(ENDPOINT);
        if (endpoint != null && !EndpointName.isOne(endpoint)) {
            counters.count(Outcome.INVALID);
            return INVALID_ENDPOINT;
        }
        var client = client(gateway, query);
        if (client == null) {
            counters.count(Outcome.NO_CLIENT_ADDRESS);
            return NO_CLIENT_ADDRESS;
        }
        var cost = query.extension(COST);
        var knows = gateway.authenticatedHeader();
        var decision = decisions.decide(new Question(
                client,
                gateway.application(),
                endpoint,
                cost == null ? Question.USUAL_COST : Cost.of(cost, 0),
                query::header,
                knows != null && query.header(knows) != null));
        return switch (decision.outcome()) {
            case ALLOWED -> allowed(gateway, decision.standing());
            case UNAVAILABLE -> undecided(gateway, decision);
            default -> denied(gateway, decision);
        };
    }

    /**
     * All headers that come are the client's own but the one that Envoy adds its peer to, and that only where it is told to.
     * So the peer stands behind what came, if it does not already.
     */
    private @Nullable Network client(GatewayProfile gateway, AuthorizationQuery query) {
        if (gateway.addressHeader() != null) {
            return forwarded.of(query::lines, gateway);
        }
        var hops = withPeer(query.header(FORWARDED_FOR), query.peer());
        return forwarded.of(
                name -> AsciiString.contentEqualsIgnoreCase(FORWARDED_FOR, name) ? hops : List.of(), gateway);
    }

    /** A loopback peer is no hop: where Envoy adds it, it adds an address of the machine's interface instead. */
    private static List<String> withPeer(@Nullable String hops, String peerText) {
        var peer = HopText.address(peerText);
        var isHop = peer != null && !peer.isLoopback();
        if (hops == null) {
            return isHop ? List.of(peerText) : List.of();
        }
        var last = HopText.address(hops, hops.lastIndexOf(',') + 1, hops.length());
        return isHop && !peer.equals(last) ? List.of(hops, peerText) : List.of(hops);
    }

    /** @throws GrpcRefusal where the client is not to be served without a decision */
    static Buffer undecided(GatewayProfile gateway, Decision decision) {
        if (decision.isServedUndecided(gateway.undecided())) {
            return UNDECIDED;
        }
        throw new GrpcRefusal(GrpcRefusal.UNAVAILABLE, "decisions are not possible for a moment");
    }

    private static void tellUndecided(ResponseFields fields) {
        fields.put("x-bulwark-undecided", "true");
    }

    private static Buffer allowed(GatewayProfile gateway, @Nullable Standing standing) {
        return standing == null
                ? ALLOWED
                : AuthorizationReply.allowed(
                        application -> {}, client -> RateLimitFields.write(client, standing, gateway.headers()));
    }

    private static Buffer denied(GatewayProfile gateway, Decision decision) {
        var refusal = Refusal.of(decision);
        var standing = decision.standing();
        return AuthorizationReply.denied(
                refusal.status(),
                fields -> {
                    if (standing != null) {
                        RateLimitFields.write(fields, standing, gateway.headers());
                    }
                    refusal.write(fields);
                },
                refusal.body());
    }

    private static Buffer invalid(String code, String detail) {
        return AuthorizationReply.denied(
                400, fields -> {}, ProblemBody.json(400, code, detail).getBytes(UTF_8));
    }
}
