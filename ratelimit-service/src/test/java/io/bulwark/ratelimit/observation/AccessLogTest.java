package io.bulwark.ratelimit.observation;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bulwark.events.GatewayEvent.AccessDenied;
import io.bulwark.events.GatewayEvent.RequestSummary;
import io.bulwark.kit.problem.Problem;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Lines as the real products wrote them, and as an attacker would. */
class AccessLogTest {
    /** When the lines in the resources were written. */
    private static final Instant WRITTEN = Instant.parse("2026-11-24T10:41:00Z");

    private static final String GOOD =
            "{\"client\":\"203.0.113.9\",\"msec\":1795516872.610,\"uri\":\"%s\",\"status\":%s,\"request_time\":0.25}\n";

    private final LogDigest digest = new LogDigest(line -> PathTemplate.of(line.target()));

    @ParameterizedTest
    @CsvSource({"nginx, 203.0.113.9", "envoy, 203.0.113.9", "traefik, 203.0.113.9", "caddy, 127.0.0.1"})
    void eachProductsLinesAreRecognised(String product, String client) throws IOException {
        var log = read(resource(product), null);

        assertThat(log.errors()).isEmpty();
        assertThat(log.lines()).isEqualTo(3);
        var events = digest.events("access-log", "b");
        assertThat(events)
                .hasSize(4)
                .extracting(Observed::event)
                .first()
                .isEqualTo(new AccessDenied(client, "/admin/users", null, 403, 1));
        var summaries = summaries();
        assertThat(summaries)
                .extracting(RequestSummary::endpoint)
                .containsExactly("/orders/{id}", "/admin/users", "/broken");
        assertThat(summaries.getFirst().from()).isEqualTo(WRITTEN);
        assertThat(summaries.getFirst().window()).isEqualTo(Duration.ofMinutes(1));
        assertThat(summaries.getFirst().status2xx()).isEqualTo(1);
        assertThat(summaries.get(2).status5xx()).isEqualTo(1);
        assertThat(summaries.getFirst().totalMs()).isBetween(0.0, 1.0);
    }

    @Test
    void refusalsOfOneAddressEndpointAndMinuteAreOneEventWithTheirCount() throws IOException {
        read(stream(GOOD.formatted("/orders/1", "401").repeat(5) + GOOD.formatted("/orders/2", "403")), null);

        assertThat(digest.events("access-log", "b").stream()
                        .map(Observed::event)
                        .filter(AccessDenied.class::isInstance))
                .containsExactlyInAnyOrder(
                        new AccessDenied("203.0.113.9", "/orders/{id}", null, 401, 5),
                        new AccessDenied("203.0.113.9", "/orders/{id}", null, 403, 1));
        var summary = summaries().getFirst();
        assertThat(summary.requests()).isEqualTo(6);
        assertThat(summary.status4xx()).isEqualTo(6);
        assertThat(summary.totalMs()).isEqualTo(1_500);
        assertThat(summary.p99Ms()).isEqualTo(250);
        assertThat(summary.clients()).isEqualTo(1);
    }

    @Test
    void percentilesAreByNearestRank() throws IOException {
        var lines = new StringBuilder();
        for (var i = 100; i > 0; i--) {
            lines.append(GOOD.formatted("/a", "200").replace("0.25", "0." + "%03d".formatted(i)));
        }
        read(stream(lines.toString()), null);

        var summary = summaries().getFirst();
        assertThat(List.of(summary.p50Ms(), summary.p95Ms(), summary.p99Ms(), summary.maxMs()))
                .containsExactly(50.0, 95.0, 99.0, 100.0);
    }

    @Test
    void theSameLogIsTheSameEvents() throws IOException {
        read(resource("nginx"), null);
        var first = digest.events("access-log", "digest");
        assertThat(first).isEqualTo(digest.events("access-log", "digest"));
        assertThat(first).extracting(Observed::id).doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "no json",
                "[]",
                "null",
                "{}",
                "{\"client\":\"203.0.113.9\",\"msec\":1795516872}",
                "{\"client\":\"evil.example\",\"msec\":1795516872,\"uri\":\"/\",\"status\":200,\"request_time\":0}",
                "{\"client\":\"203.0.113.0/24\",\"msec\":1795516872,\"uri\":\"/\",\"status\":200,\"request_time\":0}",
                "{\"client\":\"010.0.0.1\",\"msec\":1795516872,\"uri\":\"/\",\"status\":200,\"request_time\":0}",
                "{\"client\":\"203.0.113.9\",\"msec\":1e30,\"uri\":\"/\",\"status\":200,\"request_time\":0}",
                "{\"client\":\"203.0.113.9\",\"msec\":\"1e999999999\",\"uri\":\"/\",\"status\":200,\"request_time\":0}",
                "{\"client\":\"203.0.113.9\",\"msec\":1795516872,\"uri\":7,\"status\":200,\"request_time\":0}",
                "{\"client\":\"203.0.113.9\",\"msec\":1795516872,\"uri\":\"/\",\"status\":-1,\"request_time\":0}",
                "{\"client\":\"203.0.113.9\",\"msec\":1795516872,\"uri\":\"/\",\"status\":200,\"request_time\":-1}",
                "{\"client\":\"203.0.113.9\",\"msec\":1895516872,\"uri\":\"/\",\"status\":200,\"request_time\":0}",
                "{\"client\":\"203.0.113.9\",\"msec\":1095516872,\"uri\":\"/\",\"status\":200,\"request_time\":0}",
                "{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":1}}}}}}}}}"
            })
    void aBadLineIsNamedByItsNumberAndTheOthersAreTaken(String bad) throws IOException {
        var log = read(stream(GOOD.formatted("/a", "200") + "\n" + bad + "\n" + GOOD.formatted("/a", "200")), null);

        assertThat(log.lines()).isEqualTo(3);
        assertThat(log.rejected()).isEqualTo(1);
        assertThat(log.errors())
                .singleElement()
                .satisfies(error -> assertThat(error.line()).isEqualTo(3));
        assertThat(summaries().getFirst().requests()).isEqualTo(2);
    }

    @Test
    void aHugeLineIsPassedOverInFixedMemory() throws IOException {
        var huge = "x".repeat(3 * 64 * 1_024);
        var log = read(stream(huge + "\r\n" + GOOD.formatted("/a", "200") + huge), null);

        assertThat(log.lines()).isEqualTo(3);
        assertThat(log.rejected()).isEqualTo(2);
        assertThat(log.errors()).extracting(AccessLog.BadLine::line).containsExactly(1, 3);
    }

    /** nginx writes them as they came, and whoever sends them must not be left out for it. */
    @Test
    void bytesThatAreNoUtf8HideNoRequest() throws IOException {
        var line = GOOD.formatted("/login?\u00FF", "401").getBytes(ISO_8859_1);

        var log = read(new ByteArrayInputStream(line), null);

        assertThat(log.errors()).isEmpty();
        assertThat(digest.events("access-log", "b").stream().map(Observed::event))
                .contains(new AccessDenied("203.0.113.9", "/login", null, 401, 1));
    }

    @ParameterizedTest
    @CsvSource({"1, 60000", "60000, 1"})
    void longHeadersHideNoRequest(int name, int value) throws IOException {
        var header = "\"%s\":\"%s\",".formatted("x".repeat(name), "y".repeat(value));

        var log = read(stream(GOOD.formatted("/a", "200").replace("{", "{" + header)), null);

        assertThat(log.errors()).isEmpty();
        assertThat(summaries().getFirst().requests()).isEqualTo(1);
    }

    @Test
    void moreLinesThanAllowedAreRefused() {
        assertThatThrownBy(() -> new AccessLog(check(), null, digest)
                        .read(stream(GOOD.formatted("/a", "200").repeat(4)), 3))
                .isInstanceOfSatisfying(
                        Problem.class, problem -> assertThat(problem.status()).isEqualTo(413));
    }

    @Test
    void aDialectThatWasSelectedIsNotGuessed() throws IOException {
        assertThat(read(resource("nginx"), LogDialect.CADDY).rejected()).isEqualTo(3);
    }

    @ParameterizedTest
    @CsvSource({
        "/, /",
        "'', /",
        "*, /*",
        "/a//b/, /a/b",
        "/orders/17?x=/1, /orders/{id}",
        "/orders/0198c2a4-7d1e-7c3a-9b52-3f6d5e1a9c01/items, /orders/{id}/items",
        "/c/3f6d5e1a9c013f6d5e1a, /c/{id}",
        "/u/jo%40shop.example, /u/{id}",
        "http://shop.example/a/1, /a/{id}",
        "http://shop.example, /",
        "/v1/login, /v1/login",
        "/a/b/c/d/e/f/g/h, /a/b/c/d/e/f/*",
        "/q?url=http://x/y, /q"
    })
    void whatVariesInAPathIsCollapsed(String target, String template) {
        assertThat(PathTemplate.of(target)).isEqualTo(template);
    }

    @Test
    void noTemplateIsLongerThanAnEndpointMayBe() {
        assertThat(PathTemplate.of(("/" + "a".repeat(30)).repeat(50))).hasSizeLessThanOrEqualTo(Bounds.NAME);
    }

    private AccessLog read(InputStream body, @Nullable LogDialect dialect) throws IOException {
        var log = new AccessLog(check(), dialect, digest);
        log.read(body, 10_000);
        return log;
    }

    private List<RequestSummary> summaries() {
        return digest.events("access-log", "b").stream()
                .map(Observed::event)
                .filter(RequestSummary.class::isInstance)
                .map(RequestSummary.class::cast)
                .toList();
    }

    private static EventCheck check() {
        return new EventCheck(WRITTEN.minus(Duration.ofDays(1)), WRITTEN.plus(Duration.ofMinutes(2)));
    }

    private static InputStream resource(String product) {
        return AccessLogTest.class.getResourceAsStream("/access-log/" + product + ".ndjson");
    }

    private static InputStream stream(String text) {
        return new ByteArrayInputStream(text.getBytes(UTF_8));
    }
}
