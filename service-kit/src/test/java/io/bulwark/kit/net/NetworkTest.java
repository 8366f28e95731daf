package io.bulwark.kit.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HexFormat;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NetworkTest {
    @ParameterizedTest
    @CsvSource({
        "203.0.113.7, 203.0.113.7",
        "0.0.0.0/0, 0.0.0.0/0",
        "203.0.113.0/24, 203.0.113.0/24",
        "203.0.113.7/32, 203.0.113.7",
        "2001:DB8::1, 2001:db8::1",
        "2001:0db8:0000:0000:0000:0000:0000:0001, 2001:db8::1",
        "2001:db8:0:0:1:0:0:1, 2001:db8::1:0:0:1",
        "2001:db8:0:1:1:1:1:1, 2001:db8:0:1:1:1:1:1",
        "::, ::",
        "::1/128, ::1",
        "1::, 1::",
        "2001:db8::/64, 2001:db8::/64",
        "::ffff:203.0.113.7, 203.0.113.7",
        "::ffff:cb00:7107, 203.0.113.7",
        "::ffff:203.0.113.0/120, 203.0.113.0/24",
        "64:ff9b::203.0.113.7, 203.0.113.7",
        "64:ff9b::cb00:7107, 203.0.113.7",
        "64:ff9b::203.0.113.0/120, 203.0.113.0/24",
        "64:ff9b:0:0:1::1, 64:ff9b::1:0:0:1",
        "64:ff9b:1::203.0.113.7, 64:ff9b:1::cb00:7107",
        "2002:cb00:7107::1, 203.0.113.7",
        "2002:cb00:7107:ffff::/64, 203.0.113.7",
        "2002:cb00:7107::/48, 203.0.113.7",
        "2002:cb00:7100::/40, 203.0.113.0/24",
        "2002:8000::/17, 128.0.0.0/1",
        "2002::/15, 2002::/15",
        "2003:cb00:7107::1, 2003:cb00:7107::1"
    })
    void printsInTheCanonicalFormOfRfc5952(String text, String canonical) {
        assertThat(Network.parse(text)).hasToString(canonical);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "1",
                "1.2.3",
                "1.2.3.4.5",
                "010.0.0.1",
                "1.2.3.256",
                "1.2.3.-4",
                "1.2.3.4 ",
                "+1.2.3.4",
                "example.com",
                "1.2.3.4/",
                "1.2.3.4/33",
                "1.2.3.4/-1",
                "1.2.3.4/08",
                ":",
                ":::",
                "1::2::3",
                "1:2:3:4:5:6:7",
                "1:2:3:4:5:6:7:8:9",
                "12345::",
                "g::",
                "fe80::1%eth0",
                "::1.2.3",
                "1.2.3.4::",
                "1.2.3.4::1",
                "1:1.2.3.4::",
                "1:2:3:4:5:6:7:1.2.3.4",
                "1:2:3:4:5:6:7::8",
                "::/129",
                "[::1]",
                "1.2.3.4:80",
                "::ffff:0:0/64",
                "::ffff:0:0/96",
                "64:ff9b::/64",
                "64:ff9b::/96",
                "2002::/16",
                "2002:cb00:7107:1::/48",
                "1:2:3:4:5:6:7:8:",
                "٢.0.0.1"
            })
    void refusesWhatIsNoAddress(String text) {
        assertThatThrownBy(() -> Network.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void theLastAddressHasEveryBitSetThatIsFree() {
        assertThat(Network.parse("203.0.113.0/24").last()).isEqualTo(Network.parse("203.0.113.255"));
        assertThat(Network.parse("203.0.113.7").last()).isEqualTo(Network.parse("203.0.113.7"));
        assertThat(Network.parse("2001:db8:1::/48").last())
                .isEqualTo(Network.parse("2001:db8:1:ffff:ffff:ffff:ffff:ffff"));
        assertThat(Network.parse("0.0.0.0/0").last()).isEqualTo(Network.parse("255.255.255.255"));
    }

    @Test
    void refusesHostBitsAndNamesTheNetworkThatWasMeant() {
        assertThatThrownBy(() -> Network.parse("203.0.113.7/24")).hasMessageContaining("203.0.113.0/24");
    }

    @ParameterizedTest
    @CsvSource({
        "203.0.113.0/24, 203.0.113.255, true",
        "203.0.113.0/24, 203.0.114.0, false",
        "203.0.113.0/25, 203.0.113.0/24, false",
        "0.0.0.0/0, 198.51.100.1, true",
        "::/0, 198.51.100.1, false",
        "2001:db8::/63, 2001:db8:0:1::9, true",
        "2001:db8::/64, 2001:db8:0:1::9, false"
    })
    void containsByPrefixAndNeverAcrossFamilies(String network, String other, boolean contained) {
        assertThat(Network.parse(network).contains(Network.parse(other))).isEqualTo(contained);
    }

    @Test
    void standsInTheOrderOfItsFirstAddressBeforeItsParts() {
        var inOrder = Stream.of("::", "203.0.113.0/24", "203.0.113.0", "203.0.113.7", "2001:db8::/32", "fd00::1")
                .map(Network::parse)
                .toList();

        assertThat(inOrder).isSorted();
        assertThat(inOrder.getFirst()).isEqualByComparingTo(Network.parse("::0"));
    }

    @Test
    void masksToAWiderNetworkOnly() {
        var address = Network.parse("2001:db8:1:2:3::4");

        assertThat(address.masked(64)).hasToString("2001:db8:1:2::/64");
        assertThat(address.masked(64).masked(96)).isEqualTo(address.masked(64));
    }

    @ParameterizedTest
    @CsvSource({
        "203.0.113.7, 203.0.113.7",
        "64:ff9b::cb00:7107, 203.0.113.7",
        "2001:db8:1:2:3::4, 2001:db8:1:2::/64",
        "2001:db8:1:2:3::/80, 2001:db8:1:2::/64",
        "2001:db8:1::/48, 2001:db8:1::/48",
        "203.0.113.0/24, 203.0.113.0/24",
    })
    void anIpv6ClientIsItsSixtyFour(String network, String client) {
        assertThat(Network.parse(network).clientNetwork()).hasToString(client);
    }

    @ParameterizedTest
    @CsvSource({
        "203.0.113.0/24, 203.0.113.0/25, 203.0.113.128/25",
        "203.0.113.6/31, 203.0.113.6, 203.0.113.7",
        "0.0.0.0/0, 0.0.0.0/1, 128.0.0.0/1",
        "2001:db8::/63, 2001:db8::/64, 2001:db8:0:1::/64",
        "2001:db8::/64, 2001:db8::/65, 2001:db8:0:0:8000::/65",
        "::/80, ::/81, ::8000:0:0/81",
        "64::/16, 64::/17, 64:8000::/17"
    })
    void isMadeOfTwoHalves(String network, String lower, String upper) {
        assertThat(Network.parse(network).halves()).containsExactly(Network.parse(lower), Network.parse(upper));
    }

    @Test
    void anAddressHasNoHalves() {
        assertThatThrownBy(() -> Network.parse("203.0.113.7").halves()).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void sixteenBytesThatHoldIpv4AreIpv4() {
        var translated = HexFormat.of().parseHex("0064ff9b0000000000000000cb007107");
        var mapped = HexFormat.of().parseHex("00000000000000000000ffffcb007107");
        var sixToFour = HexFormat.of().parseHex("2002cb00710700000000000000000001");

        assertThat(Stream.of(translated, mapped, sixToFour).map(Network::of))
                .containsOnly(Network.parse("203.0.113.7"));
    }

    @ParameterizedTest
    @CsvSource({"127.0.0.1, true", "127.8.0.0/16, true", "::1, true", "::, false", "128.0.0.1, false"})
    void knowsLoopback(String text, boolean loopback) {
        assertThat(Network.parse(text).isLoopback()).isEqualTo(loopback);
    }
}
