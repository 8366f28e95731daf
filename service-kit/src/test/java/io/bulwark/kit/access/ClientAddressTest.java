package io.bulwark.kit.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.bulwark.kit.net.Network;
import io.quarkus.vertx.http.runtime.CurrentVertxRequest;
import io.vertx.core.MultiMap;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ClientAddressTest {
    private static final Network PEER = Network.parse("10.0.0.1");

    private final ClientAddress address =
            new ClientAddress(Optional.of(List.of("10.0.0.0/8")), new CurrentVertxRequest());

    @Test
    void believesNobodyWhereThePeerIsNoProxyOfOurs() {
        var stranger = Network.parse("198.51.100.1");
        var headers = MultiMap.caseInsensitiveMultiMap().add("X-Forwarded-For", "203.0.113.7");

        assertThat(address.of(stranger, headers)).isEqualTo(stranger);
    }

    @Test
    void takesTheNearestHopThatIsNoProxyAndNotWhatTheClientWrote() {
        assertThat(client("1.1.1.1, 203.0.113.7, 10.0.0.2")).hasToString("203.0.113.7");
    }

    @Test
    void readsSeveralLinesInTheirOrder() {
        var headers = MultiMap.caseInsensitiveMultiMap()
                .add("X-Forwarded-For", "1.1.1.1")
                .add("X-Forwarded-For", "203.0.113.7");

        assertThat(address.of(PEER, headers)).hasToString("203.0.113.7");
    }

    @Test
    void stopsBeforeRubbish() {
        assertThat(client("203.0.113.7, rubbish, 10.0.0.2")).hasToString("10.0.0.2");
        assertThat(client("203.0.113.0/24")).isEqualTo(PEER);
    }

    @Test
    void whereEveryHopIsAProxyTheFarthestAsked() {
        assertThat(client("10.0.0.3, 10.0.0.2")).hasToString("10.0.0.3");
        assertThat(address.of(PEER, MultiMap.caseInsensitiveMultiMap())).isEqualTo(PEER);
    }

    @Test
    void acceptsPorts() {
        assertThat(client("203.0.113.7:4711")).hasToString("203.0.113.7");
        assertThat(client("[2001:db8::1]:4711")).hasToString("2001:db8::1");
        assertThat(client("2001:db8::1")).hasToString("2001:db8::1");
    }

    @Test
    void readsForwardedWhereXForwardedForIsAbsent() {
        assertThat(forwarded("for=1.1.1.1;proto=https, For=\"[2001:db8:cafe::17]:4711\";by=10.0.0.2"))
                .hasToString("2001:db8:cafe::17");
    }

    @Test
    void stopsBeforeAProxyThatDoesNotSayOnceWhomItForwards() {
        assertThat(forwarded("for=198.51.100.9, proto=https;by=10.0.0.2")).isEqualTo(PEER);
        assertThat(forwarded("for=198.51.100.9, for=203.0.113.7;for=10.0.0.3")).isEqualTo(PEER);
        assertThat(forwarded("for=198.51.100.9, by=10.0.0.3, for=10.0.0.2")).hasToString("10.0.0.2");
    }

    @Test
    void whatStandsInQuotesIsNoHop() {
        assertThat(forwarded("for=203.0.113.7;host=\"a, for=198.51.100.9\"")).hasToString("203.0.113.7");
        assertThat(forwarded("for=203.0.113.7;host=\"a;for=198.51.100.9\"")).hasToString("203.0.113.7");
    }

    @Test
    void noQuoteThatAClientOpensHidesWhatAProxyWrites() {
        assertThat(forwarded("for=198.51.100.9;host=\"a, for=203.0.113.7")).hasToString("203.0.113.7");
    }

    private Network client(String line) {
        return client("X-Forwarded-For", line);
    }

    private Network forwarded(String line) {
        return client("Forwarded", line);
    }

    private Network client(String header, String line) {
        return address.of(PEER, MultiMap.caseInsensitiveMultiMap().add(header, line));
    }
}
