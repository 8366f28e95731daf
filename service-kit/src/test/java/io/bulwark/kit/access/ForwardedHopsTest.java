package io.bulwark.kit.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.bulwark.kit.net.Network;
import io.vertx.core.MultiMap;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

class ForwardedHopsTest {
    private static final Network PEER = Network.parse("10.0.0.1");
    private static final Network INNER = Network.parse("10.0.0.0/8");
    private static final Predicate<Network> TRUSTED = INNER::contains;

    @Test
    void believesNobodyWhereThePeerIsNoProxyOfOurs() {
        var stranger = Network.parse("198.51.100.1");

        assertThat(ForwardedHops.client(stranger, List.of("203.0.113.7"), TRUSTED))
                .isEqualTo(stranger);
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

        assertThat(ForwardedHops.client(PEER, ForwardedHops.of(headers), TRUSTED))
                .hasToString("203.0.113.7");
    }

    @Test
    void stopsBeforeRubbish() {
        assertThat(client("203.0.113.7, rubbish, 10.0.0.2")).hasToString("10.0.0.2");
        assertThat(client("203.0.113.0/24")).isEqualTo(PEER);
    }

    @Test
    void whereEveryHopIsAProxyTheFarthestAsked() {
        assertThat(client("10.0.0.3, 10.0.0.2")).hasToString("10.0.0.3");
        assertThat(ForwardedHops.client(PEER, List.of(), TRUSTED)).isEqualTo(PEER);
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

    private static Network client(String line) {
        return client("X-Forwarded-For", line);
    }

    private static Network forwarded(String line) {
        return client("Forwarded", line);
    }

    private static Network client(String header, String line) {
        var headers = MultiMap.caseInsensitiveMultiMap().add(header, line);
        return ForwardedHops.client(PEER, ForwardedHops.of(headers), TRUSTED);
    }
}
