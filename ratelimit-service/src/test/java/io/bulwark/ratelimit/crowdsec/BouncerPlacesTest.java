package io.bulwark.ratelimit.crowdsec;

import static io.bulwark.ratelimit.Api.SOON;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;

import io.bulwark.kit.net.Network;
import io.bulwark.ratelimit.Api;
import io.bulwark.ratelimit.crowdsec.BouncerDecision.Key;
import io.bulwark.testkit.SuiteTest;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.SocketException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How far each bouncer has been told. */
@SuiteTest
class BouncerPlacesTest {
    @Inject
    Ledgers ledgers;

    @Test
    void eachBouncerHasAPlaceOfItsOwn() {
        var key = Api.gatewayKey("places");
        var first = new Bouncer(key, "first");
        var second = new Bouncer(key, "second");
        decided("places", "203.0.113.1", 1);
        assertThat(first.stream("?startup=true")).contains("203.0.113.1");
        awaitNothing(first);

        assertThat(second.stream("")).contains("203.0.113.1");
        awaitNothing(second);
        assertThat(new Bouncer(Api.gatewayKey("places"), "first").stream("")).contains("203.0.113.1");

        decided("places", "203.0.113.2", 1);
        assertThat(first.stream("")).contains("203.0.113.2").doesNotContain("203.0.113.1");
        assertThat(second.stream("")).contains("203.0.113.2").doesNotContain("203.0.113.1");
    }

    @Test
    void headTellsNothingAndTakesNothingAway() {
        var bouncer = new Bouncer(Api.gatewayKey("head-moves"), "first");
        bouncer.stream("?startup=true");
        decided("head-moves", "203.0.113.1", 1);

        given().header("X-Api-Key", bouncer.key())
                .header("User-Agent", bouncer.program())
                .head("/v1/decisions/stream")
                .then()
                .statusCode(200)
                .body(equalTo(""));

        assertThat(bouncer.stream("")).contains("203.0.113.1");
    }

    @ParameterizedTest
    @CsvSource({"1, true", "1000, false"})
    void whatFailsMidwayIsAnErrorOrBrokenOffAndIsToldOnceItWorks(int decisions, boolean isShort) throws IOException {
        var application = "midway-" + decisions;
        var bouncer = new Bouncer(Api.gatewayKey(application), "first");
        var query = "?scenarios_containing=test";
        assertThat(bouncer.stream(query)).isEqualTo(Bouncer.NOTHING);
        for (var i = 0; i < decisions; i++) {
            decided(application, "198.51." + i / 250 + "." + i % 250, 1);
        }
        var unreadable = new Terms("bulwark", null, "ban");
        var address = Key.of(Network.parse("203.0.113.1"));
        ledgers.of(application).put(address, unreadable, Long.MAX_VALUE / 2, 1, Ledgers.NO_NEWS);

        for (var path : List.of("/v1/decisions", "/v1/decisions/stream")) {
            if (isShort) {
                assertThat(bouncer.raw(path + query))
                        .startsWith("HTTP/1.1 500 ")
                        .doesNotContain("198.51");
            } else {
                assertThatThrownBy(() -> bouncer.raw(path + query)).isInstanceOf(SocketException.class);
            }
        }

        decided(application, "203.0.113.1", 2);
        assertThat(bouncer.stream(query)).contains("198.51.0.0", "203.0.113.1");
    }

    private void decided(String application, String target, long version) {
        Bouncer.decided(ledgers.of(application), target, version);
    }

    /** A place moves once the service knows that all was sent, a little after the bouncer has read that. */
    private static void awaitNothing(Bouncer bouncer) {
        await().atMost(SOON).until(() -> bouncer.stream("").equals(Bouncer.NOTHING));
    }
}
