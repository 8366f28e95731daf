package io.bulwark.ratelimit.envoy;

import static io.bulwark.ratelimit.envoy.RateLimitRequest.descriptor;
import static org.assertj.core.api.Assertions.assertThat;

import io.bulwark.kit.net.Network;
import io.bulwark.ratelimit.decision.Outcome;
import io.bulwark.ratelimit.decision.Reference;
import io.bulwark.ratelimit.prefix.Scope;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** What a client is told that a limit of a domain refuses. */
class DomainLimitProblemTest {
    private static final String FILE = """
            domain: edge
            descriptors:
              - key: none
                rate_limit: {name: "the \\"näme\\"", unit: minute, requests_per_unit: 0}
              - key: unnamed
                rate_limit: {unit: minute, requests_per_unit: 0}
              - key: free
                rate_limit: {unlimited: true}
            """;

    private final EdgeLimits limits = new EdgeLimits(FILE);

    @Test
    void itIsTheDraftsProblemWithTheLimitsThatRefuse() throws IOException {
        var reply = limits.decide(
                descriptor("free", "x"),
                descriptor("none", "x"),
                descriptor("unnamed", "secret"),
                descriptor("none", "x"));

        var problem = problem(reply);
        assertThat(problem.getString("type"))
                .isEqualTo("https://iana.org/assignments/http-problem-types#quota-exceeded");
        assertThat(problem.getInteger("status")).isEqualTo(429);
        assertThat(problem.getJsonArray("violated-policies")).isEqualTo(JsonArray.of("the ?n?me?", "unnamed"));
    }

    @Test
    void whoseAddressTheGatewayTellsHasAReference() throws IOException {
        var reply = limits.decide(
                descriptor("remote_address", "rubbish"),
                descriptor("remote_address", "203.0.113.7"),
                descriptor("none", "x"));

        var told = reply.headers().get("x-bulwark-reference");
        assertThat(problem(reply).getString("reference")).isEqualTo(told);
        assertThat(Reference.parse(told))
                .isEqualTo(new Reference(
                        Outcome.LIMITED, EdgeLimits.START, Network.parse("203.0.113.7"), Scope.everything("default")));
    }

    @Test
    void whoseAddressItDoesNotTellHasNone() throws IOException {
        var reply = limits.decide(descriptor("masked_remote_address", "203.0.113.0/24"), descriptor("none", "x"));

        assertThat(reply.headers()).doesNotContainKey("x-bulwark-reference");
        assertThat(problem(reply).containsKey("reference")).isFalse();
    }

    private static JsonObject problem(RateLimitReply reply) {
        assertThat(reply.over()).isTrue();
        return new JsonObject(Buffer.buffer(reply.refusal().body()));
    }
}
