package io.bulwark.ratelimit.envoy;

import static io.bulwark.ratelimit.Api.SOON;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.bulwark.ratelimit.Api;
import io.bulwark.ratelimit.ForeignProgram;
import io.bulwark.testkit.SuiteTest;
import io.restassured.RestAssured;
import io.restassured.response.Response;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** The same questions to envoyproxy/ratelimit and to us, with the same file: the answers are the same. */
@SuiteTest
@EnabledIfSystemProperty(named = "bulwark.all", matches = "true")
class RealRateLimitServiceTest {
    private static final String SERVICE =
            "github.com/envoyproxy/ratelimit/src/service_cmd@v1.4.1-0.20260122083618-3fb702589d36";
    private static final Path PROGRAMS = Path.of("target/go").toAbsolutePath();
    private static final String PROGRAM = PROGRAMS.resolve("service_cmd").toString();
    private static final String APPLICATION = "real-ratelimit";
    private static final String FILE = """
            domain: edge
            descriptors:
              - key: five
                rate_limit: {unit: hour, requests_per_unit: 5}
              - key: none
                rate_limit: {unit: second, requests_per_unit: 0}
              - key: shadow
                shadow_mode: true
                rate_limit: {unit: hour, requests_per_unit: 1}
              - key: free
                rate_limit: {unlimited: true}
              - key: named
                rate_limit: {name: thename, unit: day, requests_per_unit: 2}
              - key: path
                value: /a/*
                rate_limit: {unit: hour, requests_per_unit: 7}
              - key: path
                rate_limit: {unit: hour, requests_per_unit: 8}
              - key: instead
                rate_limit: {unit: hour, requests_per_unit: 9, replaces: [{name: thename}]}
              - key: a
                descriptors:
                  - key: b
                    value: c
                    rate_limit: {unit: minute, requests_per_unit: 3}
            """;

    /** In this order, for limits are consumed by them. */
    private static final List<String> QUESTIONS = List.of(
            edge("five x"),
            edge("five x").replace("]}]}", "],'hitsAddend':'0'}]}"),
            edge("five x").replace("]}]}", "],'hits_addend':2}]}"),
            edge("five x").replace("]}]}", "]}],'hitsAddend':2}"),
            edge("five x"),
            edge("five y"),
            edge("none x"),
            edge("shadow x"),
            edge("shadow x"),
            edge("free x"),
            edge("named x"),
            edge("named x"),
            edge("named x"),
            edge("unknown x"),
            edge("path /a/b"),
            edge("path /a/b"),
            edge("path /a/c"),
            edge("path /b"),
            edge("named z", "instead z"),
            edge("five z", "unknown z", "free z"),
            edge("a 1,b c"),
            edge("a 1,b c"),
            edge("a 1,b d"),
            edge("a 1"),
            edge("five own").replace("]}]}", "],'limit':{'requestsPerUnit':2,'unit':'HOUR'}}]}"),
            edge("five own").replace("]}]}", "],'limit':{'requests_per_unit':'2','unit':3}}]}"),
            edge("five own").replace("]}]}", "],'limit':{'requestsPerUnit':2,'unit':'HOUR'}}]}"),
            edge("five paid").replace("]}]}", "],'hitsAddend':'10'}]}"),
            edge("five paid").replace("]}]}", "],'hitsAddend':'0'}]}"),
            edge("five x").replace("'edge'", "'other'"),
            "{'domain':'edge','descriptors':[{}]}",
            "{'domain':'edge'}",
            "{'descriptors':[{'entries':[{'key':'five'}]}]}",
            "{'unknown':1}",
            "{'domain':1}",
            "{'domain':'edge','hitsAddend':-1}",
            "{'domain':'edge','hitsAddend':4294967296}",
            "{}",
            "[]",
            "{",
            "");

    @TempDir
    Path folder;

    @Test
    void theAnswersAreTheirs() throws Exception {
        ForeignProgram.require(List.of("redis-server", "--version"), "apt-get", "install", "-y", "redis-server");
        ForeignProgram.require(
                List.of("test", "-x", PROGRAM), "sh", "-c", "GOBIN='" + PROGRAMS + "' go install " + SERVICE);
        var key = Api.gatewayKey(APPLICATION);
        Api.putEnvoyDomain(APPLICATION, "edge", FILE).statusCode(201);
        await().atMost(SOON)
                .until(() -> ask(RestAssured.port, key, edge("five first"))
                        .asString()
                        .contains("currentLimit"));
        var redis = freePort();
        var http = freePort();
        try (var store = ForeignProgram.start(
                        Files.createDirectories(folder.resolve("redis")),
                        Map.of(),
                        "redis-server",
                        "--port",
                        Integer.toString(redis),
                        "--save",
                        "");
                var theirs = ForeignProgram.start(folder, environment(redis, http), PROGRAM)) {
            await().atMost(SOON).ignoreExceptions().until(() -> {
                assertThat(store.process().isAlive()).as(store.output()).isTrue();
                return ask(http, key, edge("five first")).statusCode() == 200;
            });
            for (var question : QUESTIONS) {
                assertThat(comparable(ask(RestAssured.port, key, question)))
                        .as(question)
                        .isEqualTo(comparable(ask(http, key, question)));
            }
            assertThat(given().get("/healthcheck").asString())
                    .isEqualTo(given().port(http).get("/healthcheck").asString());
            assertThat(theirs.process().isAlive()).isTrue();
        }
    }

    private Map<String, String> environment(int redis, int http) throws IOException {
        var directory = Files.createDirectories(folder.resolve("runtime/ratelimit/config"));
        Files.writeString(directory.resolve("edge.yaml"), FILE);
        return Map.ofEntries(
                Map.entry("USE_STATSD", "false"),
                Map.entry("LOG_LEVEL", "warn"),
                Map.entry("REDIS_SOCKET_TYPE", "tcp"),
                Map.entry("REDIS_URL", "127.0.0.1:" + redis),
                Map.entry("RUNTIME_ROOT", folder.resolve("runtime").toString()),
                Map.entry("RUNTIME_SUBDIRECTORY", "ratelimit"),
                Map.entry("RUNTIME_WATCH_ROOT", "false"),
                Map.entry("HOST", "127.0.0.1"),
                Map.entry("PORT", Integer.toString(http)),
                Map.entry("GRPC_HOST", "127.0.0.1"),
                Map.entry("GRPC_PORT", Integer.toString(freePort())),
                Map.entry("DEBUG_HOST", "127.0.0.1"),
                Map.entry("DEBUG_PORT", Integer.toString(freePort())));
    }

    /** Descriptors, each of entries with a comma between them. */
    private static String edge(String... descriptors) {
        var text = new StringBuilder("{'domain':'edge','descriptors':[");
        for (var descriptor : descriptors) {
            text.append(text.charAt(text.length() - 1) == '[' ? "" : ",").append("{'entries':[");
            for (var entry : descriptor.split(",")) {
                var parts = entry.split(" ");
                text.append(text.charAt(text.length() - 1) == '[' ? "" : ",")
                        .append("{'key':'" + parts[0] + "','value':'" + parts[1] + "'}");
            }
            text.append("]}");
        }
        return text.append("]}").toString();
    }

    private static Response ask(int port, String key, String question) {
        return given().port(port)
                .header("X-Api-Key", key)
                .body(question.replace('\'', '"'))
                .post("/json");
    }

    /** Without what differs by design: the time until a window that slides is whole again, and the body for clients. */
    private static Map<String, Object> comparable(Response answer) {
        var text = answer.asString();
        if (!text.startsWith("{")) {
            return Map.of("status", answer.statusCode(), "type", answer.contentType(), "body", text);
        }
        var json = new JsonObject(text);
        json.remove("rawBody");
        json.remove("responseHeadersToAdd");
        for (var status : json.getJsonArray("statuses")) {
            if (status instanceof JsonObject object && object.containsKey("durationUntilReset")) {
                object.put(
                        "durationUntilReset",
                        object.getString("durationUntilReset").replaceAll("^\\d+s$", "seconds"));
            }
        }
        return Map.of("status", answer.statusCode(), "type", answer.contentType(), "json", json);
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
