package io.bulwark.system;

import static io.bulwark.localstack.SuiteService.RATELIMIT;
import static io.bulwark.system.Suite.to;
import static org.hamcrest.Matchers.anyOf;
import static org.hamcrest.Matchers.equalTo;

import io.restassured.RestAssured;
import io.restassured.response.Response;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.function.IntConsumer;
import java.util.function.IntPredicate;
import org.junit.jupiter.api.Test;

/**
 * How long it takes until what one replica was told is in force on another. Asserts nothing, as {@link FiguresBench};
 * {@code ./bulwark bench replicas} runs it.
 */
class ReplicaBench {
    private static final int SAMPLES = 200;
    private static final int WARM_UP = 300;

    private String key;

    @Test
    void fromOneReplicaToAnother() {
        key = to(RATELIMIT, "admin")
                .body(Map.of("name", "replicas", "application", "replicas"))
                .post("/api/v1/gateways")
                .path("key");
        var replica = Suite.stack().startReplica(RATELIMIT);
        try {
            var url = replica.url();
            measure("block on one replica in force on another, ms", this::block, i -> check(url, address(i)) == 403);
            measure("posture on one replica in force on another, ms", ReplicaBench::posture, i -> {
                var status = check(url, "100.65.0.1");
                return i % 2 == 0 ? status == 503 : status == 200;
            });
            measure(
                    "allowance on one replica in force on another, ms",
                    ReplicaBench::allow,
                    i -> check(url, address(i)) == 200);
            measure(
                    "policy on one replica in force on another, ms",
                    ReplicaBench::limit,
                    i -> String.valueOf(ask(url, "100.65.0.1").header("RateLimit-Policy"))
                            .contains("q=" + quota(i)));
        } finally {
            replica.close();
        }
    }

    private static void measure(String what, IntConsumer change, IntPredicate isInForce) {
        var times = new double[SAMPLES];
        for (var i = -WARM_UP; i < SAMPLES; i++) {
            var sample = i + WARM_UP;
            var start = System.nanoTime();
            change.accept(sample);
            FiguresBench.await(() -> isInForce.test(sample));
            if (i >= 0) {
                times[i] = (System.nanoTime() - start) / 1e6;
            }
        }
        FiguresBench.print(what, times);
    }

    private void block(int i) {
        to(RATELIMIT, "responder")
                .body(Map.of("target", address(i), "reason", "bench", "duration", "PT1H", "application", "replicas"))
                .post("/api/v1/blocks")
                .then()
                .statusCode(201);
    }

    private static void posture(int i) {
        to(RATELIMIT, "responder")
                .queryParam("application", "replicas")
                .body(Map.of("mode", i % 2 == 0 ? "maintenance" : "normal", "reason", "bench"))
                .put("/api/v1/posture")
                .then()
                .statusCode(200);
    }

    /** Of who is blocked since the first measurement. */
    private static void allow(int i) {
        to(RATELIMIT, "admin")
                .body(Map.of("target", address(i), "reason", "bench", "application", "replicas", "force", true))
                .post("/api/v1/allowlist")
                .then()
                .statusCode(201);
    }

    private static void limit(int i) {
        to(RATELIMIT, "operator")
                .queryParam("application", "replicas")
                .body(Map.of("limits", List.of(Map.of("name", "bench", "limit", quota(i), "window", "PT1M"))))
                .put("/api/v1/policies/any")
                .then()
                .statusCode(anyOf(equalTo(200), equalTo(201)));
    }

    private static int quota(int i) {
        return 1_000_000 + i;
    }

    private int check(URI replica, String client) {
        return ask(replica, client).statusCode();
    }

    private Response ask(URI replica, String client) {
        return RestAssured.given()
                .baseUri(replica.toString())
                .header("X-Api-Key", key)
                .header("X-Forwarded-For", client)
                .get("/check/any");
    }

    private static String address(int i) {
        return "100.64." + i / 250 + "." + (i % 250 + 1);
    }
}
