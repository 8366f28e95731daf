package io.bulwark.ratelimit.observation;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.bulwark.events.GatewayEvent.AccessDenied;
import io.bulwark.events.GatewayEvent.RequestSummary;
import io.bulwark.kit.problem.Problem;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What outsiders send, well meant or not. */
class CloudEventBatchTest {
    private static final Instant NOW = Instant.parse("2026-01-15T09:30:00Z");
    private static final String WITH = "{'specversion':'1.0','id':'1','source':'/edge','type':'io.bulwark.gateway.";
    private static final String DENIED = WITH + "access-denied.v1','data':{'address':'203.0.113.7'}}";

    @Test
    void oneEventAndManyAreRead() throws IOException {
        assertThat(one(DENIED)).singleElement().satisfies(read -> {
            assertThat(read.event()).isEqualTo(new AccessDenied("203.0.113.7", null, null, null, 1));
            assertThat(read.time()).isEqualTo(NOW);
        });
        assertThat(many("[" + DENIED + "," + DENIED + "]")).hasSize(2);
        assertThat(many("[]")).isEmpty();
    }

    @Test
    void addressesBecomeCanonical() throws IOException {
        assertThat(one(DENIED.replace("203.0.113.7", "::FFFF:203.0.113.7"))
                        .getFirst()
                        .event())
                .isEqualTo(new AccessDenied("203.0.113.7", null, null, null, 1));
    }

    @Test
    void aSummaryNeedsNoMoreThanItsRequests() throws IOException {
        var event = one(summary("'requests':7")).getFirst().event();
        assertThat(event).isInstanceOfSatisfying(RequestSummary.class, summary -> {
            assertThat(summary.requests()).isEqualTo(7);
            assertThat(summary.status5xx()).isZero();
        });
    }

    @Test
    void aSummaryWithoutATimeIsOfItsEndHoweverLateItIsSent() throws IOException {
        assertThat(one(summary("'requests':7")).getFirst().time()).isEqualTo(Instant.parse("2026-01-15T09:29:00Z"));
    }

    @Test
    void oneWrongItemAndNoneIsTaken() {
        var problem = refusal("[" + DENIED + "," + DENIED.replace("203.0.113.7", "x") + ",7]");
        assertThat(problem.status()).isEqualTo(422);
        assertThatThrownBy(() -> many("[" + "7,".repeat(10) + "7]"))
                .isInstanceOfSatisfying(
                        Problem.class, many -> assertThat(many.status()).isEqualTo(413));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "7",
                "null",
                "{}",
                WITH + "access-denied.v1'}",
                WITH + "access-denied.v1','data':[]}",
                WITH + "access-denied.v1','data':{'address':7}}",
                WITH + "access-denied.v1','data':{'address':'203.0.113.7','count':'3'}}",
                WITH + "access-denied.v1','data':{'address':'203.0.113.7','count':1.5}}",
                WITH + "access-denied.v1','data':{'address':'203.0.113.7','count':0}}",
                WITH + "access-denied.v1','data':{'address':'203.0.113.7','count':10001}}",
                WITH + "access-denied.v1','data':{'address':'203.0.113.7','count':99999999999}}",
                WITH + "access-denied.v1','data':{'address':'203.0.113.7','status':200}}",
                WITH + "access-denied.v1','data':{'address':'203.0.113.7','endpoint':''}}",
                WITH + "access-denied.v1','data':{'address':'203.0.113.7','endpoint':'a\\u0000b'}}",
                WITH + "access-denied.v1','data':{'address':'203.0.113.7','endpoint':'a\\ud800b'}}",
                WITH + "access-denied.v1','data':{'address':'203.0.113.7/32'}}",
                WITH + "access-denied.v1','application':'bank','data':{'address':'203.0.113.7'}}",
                WITH + "access-denied.v1','time':'2026-01-15T09:32:00Z','data':{'address':'203.0.113.7'}}",
                WITH + "access-denied.v1','time':'2026-01-01T09:32:00Z','data':{'address':'203.0.113.7'}}",
                WITH + "access-denied.v1','time':'soon','data':{'address':'203.0.113.7'}}",
                WITH + "access-denied.v1','time':7,'data':{'address':'203.0.113.7'}}",
                WITH + "access-denied.v1','datacontenttype':'text/xml','data':{'address':'203.0.113.7'}}",
                WITH + "waf-blocked.v1','data':{'address':'203.0.113.7'}}",
                WITH + "flood-detected.v1','data':{'target':'203.0.113.7/24'}}",
                "{'specversion':'0.3','id':'1','source':'/e','type':'io.bulwark.gateway.access-denied.v1','data':{'address':'203.0.113.7'}}",
                "{'specversion':'1.0','id':'','source':'/e','type':'io.bulwark.gateway.access-denied.v1','data':{'address':'203.0.113.7'}}",
                "{'specversion':'1.0','id':'1','source':7,'type':'io.bulwark.gateway.access-denied.v1','data':{'address':'203.0.113.7'}}",
                "{'specversion':'1.0','id':'1','source':'/e','type':'io.bulwark.auth.account-locked.v1','data':{}}",
                "{'specversion':'1.0','id':'1','source':'/e','type':'io.bulwark.auth.login-failed.v1','data':{'address':'203.0.113.7','account':'a','reason':0}}",
                "{'specversion':'1.0','id':'1','source':'/e','type':'io.bulwark.ratelimit.ip-blocked.v1','data':{}}"
            })
    void whatIsWrongIsRefusedByIndex(String event) {
        assertThat(refusal("[" + event + "]").status()).isEqualTo(422);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "'requests':-1",
                "'requests':1,'status5xx':2",
                "'requests':9223372036854775807",
                "'requests':1,'status2xx':9223372036854775807,'status5xx':9223372036854775807",
                "'requests':1,'clients':2",
                "'requests':1,'p50Ms':-1",
                "'requests':1,'p50Ms':1e300",
                "'requests':1,'p50Ms':2,'p95Ms':1",
                "'requests':1,'totalMs':'NaN'"
            })
    void summariesThatCannotBeAreRefused(String figures) {
        assertThat(refusal("[" + summary(figures) + "]").status()).isEqualTo(422);
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT0S", "PT0.5S", "PT2H", "-PT1M", "P999999999999999D", "PT1M30"})
    void windowsThatCannotBeAreRefused(String window) {
        assertThat(refusal("[" + summary("'requests':1").replace("PT1M", window) + "]")
                        .status())
                .isEqualTo(422);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "[", "[{}] 7", "nonsense", "{}", "\"[]\""})
    void whatIsNoArrayOfJsonIsMalformed(String body) {
        assertThat(refusal(body).status()).isEqualTo(400);
    }

    @Test
    void depthAndLengthsAndRepeatedKeysAreBounded() {
        assertThat(refusal("[" + "{'a':".repeat(10_000)).status()).isEqualTo(400);
        assertThat(refusal("[".repeat(100_000)).status()).isEqualTo(400);
        assertThat(refusal("[{'a':'" + "x".repeat(100_000) + "'}]").status()).isEqualTo(400);
        assertThat(refusal("[{'a':" + "9".repeat(1_000) + "}]").status()).isEqualTo(400);
        assertThat(refusal("[{'id':'1','id':'2'}]").status()).isEqualTo(400);
    }

    @Test
    void noReporterSpeaksAsAServiceOrAsAnother() {
        var edge = Reporter.gateway("edge", "shop");
        assertThat(source(edge, "/../../bulwark/auth-service")).startsWith("/gateways/edge/%2F");
        assertThat(source(edge, "/bulwark/auth-service")).startsWith("/gateways/edge/");
        assertThat(source(Reporter.gateway("edge", "shop"), "a"))
                .isNotEqualTo(source(Reporter.client("edge", "shop"), "a"));
        assertThat(source(edge, "é".repeat(200))).hasSizeLessThan(256).isEqualTo(source(edge, "é".repeat(200)));
    }

    private static String source(Reporter reporter, String source) {
        return reporter.envelope(source, "1", "t", "s", NOW, null).source();
    }

    private static String summary(String figures) {
        return WITH + "request-summary.v1','data':{'from':'2026-01-15T09:28:00Z','window':'PT1M'," + figures + "}}";
    }

    private static Problem refusal(String body) {
        return catchThrowableOfType(Problem.class, () -> many(body));
    }

    private static List<Observed> one(String body) throws IOException {
        return read(body, false);
    }

    private static List<Observed> many(String body) throws IOException {
        return read(body, true);
    }

    private static List<Observed> read(String body, boolean batch) throws IOException {
        var check = new EventCheck(NOW.minus(Duration.ofDays(1)), NOW.plus(Duration.ofMinutes(1)));
        var bytes = body.replace('\'', '"').getBytes(UTF_8);
        return new CloudEventBatch("shop", check, NOW, 10).read(new ByteArrayInputStream(bytes), batch);
    }
}
