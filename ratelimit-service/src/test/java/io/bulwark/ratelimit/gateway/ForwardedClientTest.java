package io.bulwark.ratelimit.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.bulwark.kit.net.Network;
import io.vertx.core.http.HttpHeaders;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ForwardedClientTest {
    private static final String XFF = "X-Forwarded-For";
    private static final String FORWARDED = "Forwarded";
    private static final GatewayProfile EDGE = Profiles.hops(0);
    private static final GatewayProfile BEHIND_ONE = Profiles.hops(1);
    private static final GatewayProfile BEHIND_NET = Profiles.own("10.0.0.0/8", "2001:db8:1::/64");

    private final ForwardedClient clients = new ForwardedClient(Network.parse("127.0.0.0/8")::contains);

    @Test
    void theLastHopIsTheClientOfAnEdge() {
        assertThat(client(EDGE, XFF, "203.0.113.9")).isEqualTo("203.0.113.9");
        assertThat(client(EDGE, XFF, "203.0.113.66, 203.0.113.9")).isEqualTo("203.0.113.9");
        assertThat(client(EDGE, XFF, "203.0.113.66", XFF, "203.0.113.9")).isEqualTo("203.0.113.9");
        assertThat(client(EDGE, XFF, "127.0.0.1")).isEqualTo("127.0.0.1");
    }

    @Test
    void countedHopsArePassedOverAcrossLines() {
        assertThat(client(BEHIND_ONE, XFF, "203.0.113.9,192.0.2.2")).isEqualTo("203.0.113.9");
        assertThat(client(BEHIND_ONE, XFF, "198.51.100.1, 203.0.113.9", XFF, "192.0.2.2"))
                .isEqualTo("203.0.113.9");
        assertThat(client(Profiles.hops(2), XFF, "203.0.113.9", XFF, "10.0.0.1", XFF, "10.0.0.2"))
                .isEqualTo("203.0.113.9");
    }

    @Test
    void fewerHopsThanTheGatewayHasLeaveNoClient() {
        assertThat(client(BEHIND_ONE, XFF, "192.0.2.2")).isNull();
        assertThat(client(Profiles.hops(16), XFF, "203.0.113.9, 10.0.0.1")).isNull();
        assertThat(client(BEHIND_ONE, XFF, "203.0.113.9, ")).isNull();
    }

    @Test
    void ownAddressesArePassedOverHoweverMany() {
        assertThat(client(BEHIND_NET, XFF, "203.0.113.9")).isEqualTo("203.0.113.9");
        assertThat(client(BEHIND_NET, XFF, "203.0.113.66, 203.0.113.9, 10.0.0.1,10.2.0.1, [2001:db8:1::7]:80"))
                .isEqualTo("203.0.113.9");
        assertThat(client(BEHIND_NET, XFF, "203.0.113.9, 127.0.0.1")).isEqualTo("127.0.0.1");
    }

    @Test
    void theGatewayItselfIsNeverTheClient() {
        assertThat(client(BEHIND_NET, XFF, "10.0.0.1")).isNull();
        assertThat(client(BEHIND_NET, "X-Real-Ip", "10.0.0.1")).isNull();
        assertThat(client(BEHIND_NET, FORWARDED, "for=10.0.0.1, for=\"[2001:db8:1::1]\""))
                .isNull();
        assertThat(client(Profiles.own(), XFF, "127.0.0.1, 127.0.0.2")).isNull();
        assertThat(client(EDGE)).isNull();
    }

    @Test
    void withoutOwnAddressesTheTrustedProxiesAre() {
        assertThat(client(Profiles.own(), XFF, "203.0.113.66, 203.0.113.9, 127.0.0.1"))
                .isEqualTo("203.0.113.9");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "203.0.113.9:4711 | 203.0.113.9",
                "203.0.113.9:0 | 203.0.113.9",
                "[2001:db8::1] | 2001:db8::1",
                "[2001:DB8:0::1]:65535 | 2001:db8::1",
                "2001:db8::1 | 2001:db8::1",
                "::ffff:203.0.113.9 | 203.0.113.9",
                "[::ffff:cb00:7109]:1 | 203.0.113.9",
                "'\t 203.0.113.9 \t' | 203.0.113.9"
            })
    void anAddressIsTheSameHoweverItIsWritten(String written, String client) {
        assertThat(client(EDGE, XFF, written)).isEqualTo(client);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                ",",
                "203.0.113.9,",
                "unknown",
                "localhost",
                "1",
                "1.2.3",
                "010.0.0.1",
                "203.0.113.0/24",
                "203.0.113.9/32",
                "203.0.113.9:",
                "203.0.113.9:65536",
                "203.0.113.9:http",
                "203.0.113.9:123456",
                "[203.0.113.9]",
                "[2001:db8::1",
                "[2001:db8::1]80",
                "[2001:db8::1]:",
                "[]:80",
                "fe80::1%eth0",
                "[fe80::1%25eth0]:80",
                "2001:db8::1::",
                "\"203.0.113.9\"",
                "203.0.113.9 203.0.113.66",
                "203.0.113.9\u00a0",
                "٢٠٣.0.113.9"
            })
    void whatIsNoAddressIsNobody(String written) {
        assertThat(client(EDGE, XFF, written)).isNull();
        assertThat(client(EDGE, XFF, "203.0.113.66, " + written)).isNull();
        assertThat(client(EDGE, XFF, written, FORWARDED, "for=203.0.113.9", "X-Real-Ip", "203.0.113.9"))
                .isNull();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\'',
            value = {
                "for=203.0.113.9 | 203.0.113.9",
                "FOR=203.0.113.9;proto=https;by=10.0.0.1 | 203.0.113.9",
                "proto=https ; For=\"203.0.113.9:80\" | 203.0.113.9",
                "for=\"[2001:db8:cafe::17]:4711\" | 2001:db8:cafe::17",
                "for=203.0.113.66, for=203.0.113.9;host=\"a,b;for=c\" | 203.0.113.9",
                "for=203.0.113.66;host=\"x, for=203.0.113.9 | 203.0.113.9",
                "for=\"\\\", for=203.0.113.9 | 203.0.113.9",
                "host=\"a\\\\\\\"b,c\";for=203.0.113.9 | 203.0.113.9"
            })
    void forwardedIsReadFromTheRight(String written, String client) {
        assertThat(client(EDGE, FORWARDED, written)).isEqualTo(client);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "for",
                "for=",
                "for=\"",
                "for=\"\"",
                "for=unknown",
                "for=_hidden",
                "for=\"_gazonk:80\"",
                "for=203.0.113.9;for=203.0.113.66",
                "for=\"203.0.113.9",
                "for=\"203.0.113.9\"x",
                "for=\"203.0.113.9\\\"\"",
                "proto=https",
                "for =203.0.113.9",
                "203.0.113.9"
            })
    void forwardedWithoutAnAddressIsNobody(String written) {
        assertThat(client(EDGE, FORWARDED, written)).isNull();
        assertThat(client(EDGE, FORWARDED, "for=203.0.113.66, " + written)).isNull();
    }

    @Test
    void forwardedHasHopsToo() {
        assertThat(client(BEHIND_ONE, FORWARDED, "for=203.0.113.9, for=_edge")).isEqualTo("203.0.113.9");
        assertThat(client(BEHIND_ONE, FORWARDED, "for=203.0.113.9, ")).isNull();
        assertThat(client(BEHIND_NET, FORWARDED, "for=203.0.113.9", FORWARDED, "for=10.0.0.1"))
                .isEqualTo("203.0.113.9");
    }

    @Test
    void theRealAddressCountsOnlyWhereNothingElseStands() {
        assertThat(client(EDGE, "X-Real-Ip", "203.0.113.9")).isEqualTo("203.0.113.9");
        assertThat(client(BEHIND_ONE, "X-Real-Ip", "203.0.113.9")).isEqualTo("203.0.113.9");
        assertThat(client(EDGE, "X-Real-Ip", "203.0.113.9, 203.0.113.10")).isNull();
        assertThat(client(EDGE, "X-Real-Ip", "203.0.113.9", "X-Real-Ip", "203.0.113.9"))
                .isNull();
        assertThat(client(BEHIND_ONE, XFF, "203.0.113.9, 127.0.0.1", "X-Real-Ip", "127.0.0.1"))
                .isEqualTo("203.0.113.9");
    }

    @Test
    void aHeaderOfTheGatewaysOwnIsTheOnlyOne() {
        var vendor = Profiles.header(0, "CF-Connecting-IP");
        assertThat(client(vendor, XFF, "203.0.113.66", "CF-Connecting-IP", "203.0.113.9"))
                .isEqualTo("203.0.113.9");
        assertThat(client(vendor, XFF, "203.0.113.66")).isNull();
        assertThat(client(Profiles.header(null, "forwarded"), XFF, "203.0.113.66", FORWARDED, "for=203.0.113.9"))
                .isEqualTo("203.0.113.9");
    }

    @Test
    void theWalkIsBounded() {
        var own = IntStream.range(0, 40).mapToObj(i -> "10.0.0." + i).collect(Collectors.joining(","));
        assertThat(client(BEHIND_NET, XFF, "203.0.113.9," + own)).isNull();
        assertThat(client(EDGE, XFF, "203.0.113.9:" + "0".repeat(10_000))).isNull();
    }

    private @Nullable String client(GatewayProfile gateway, String... headers) {
        var map = HttpHeaders.headers();
        for (var i = 0; i < headers.length; i += 2) {
            map.add(headers[i], headers[i + 1]);
        }
        var client = clients.of(map, gateway);
        return client == null ? null : client.toString();
    }
}
