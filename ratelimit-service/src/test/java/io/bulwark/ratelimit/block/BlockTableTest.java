package io.bulwark.ratelimit.block;

import static org.assertj.core.api.Assertions.assertThat;

import io.bulwark.kit.net.Network;
import io.bulwark.ratelimit.prefix.Scope;
import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class BlockTableTest {
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
    private static final Instant LATER = NOW.plusSeconds(3_600);
    private static final Scope SHOP = Scope.everything("shop");

    private final BlockTable table = new BlockTable();

    @Test
    void anAddressIsBlockedWhereItsOwnBlockSaysSo() {
        put("203.0.113.7", SHOP, LATER, 1);

        assertThat(blocked("203.0.113.7")).isTrue();
        assertThat(blocked("203.0.113.8")).isFalse();
        assertThat(blocked("203.0.113.6")).isFalse();
    }

    @Test
    void aNetworkBlocksEveryAddressOfIt() {
        put("198.51.100.0/22", SHOP, LATER, 1);

        assertThat(blocked("198.51.100.0")).isTrue();
        assertThat(blocked("198.51.103.255")).isTrue();
        assertThat(blocked("198.51.104.0")).isFalse();
        assertThat(blocked("198.51.99.255")).isFalse();
    }

    @Test
    void theWidestAndTheNarrowestPrefixesHold() {
        put("0.0.0.0/0", Scope.everything("v4"), LATER, 1);
        put("::/0", Scope.everything("v6"), LATER, 1);
        put("2001:db8::1", SHOP, LATER, 1);

        assertThat(blocked("255.255.255.255", "v4", null)).isTrue();
        assertThat(blocked("2001:db8::7", "v4", null)).isFalse();
        assertThat(blocked("ffff::1", "v6", null)).isTrue();
        assertThat(blocked("192.0.2.1", "v6", null)).isFalse();
        assertThat(blocked("2001:db8::1")).isTrue();
        assertThat(blocked("2001:db8::2")).isFalse();
    }

    @Test
    void ipv6PrefixesOnBothSidesOfTheMiddleHold() {
        put("2001:db8:1::/48", SHOP, LATER, 1);
        put("2001:db8:2:3::/64", SHOP, LATER, 1);
        put("2001:db8:4:5:8000::/65", SHOP, LATER, 1);

        assertThat(blocked("2001:db8:1:ffff::1")).isTrue();
        assertThat(blocked("2001:db8:2:3:ffff::1")).isTrue();
        assertThat(blocked("2001:db8:2:4::1")).isFalse();
        assertThat(blocked("2001:db8:4:5:8000::1")).isTrue();
        assertThat(blocked("2001:db8:4:5:7fff::1")).isFalse();
    }

    @Test
    void anIpv4AddressWrittenAsIpv6IsTheSame() {
        put("203.0.113.7", SHOP, LATER, 1);

        assertThat(blocked("::ffff:203.0.113.7")).isTrue();
        assertThat(blocked("::203.0.113.7")).isFalse();
    }

    @Test
    void aBlockHoldsForItsApplicationOnly() {
        put("203.0.113.7", SHOP, LATER, 1);

        assertThat(blocked("203.0.113.7", "bank", null)).isFalse();
    }

    @Test
    void aBlockOfOneEndpointLeavesTheOthersAlone() {
        put("203.0.113.7", new Scope("shop", "login"), LATER, 1);

        assertThat(blocked("203.0.113.7", "shop", "login")).isTrue();
        assertThat(blocked("203.0.113.7", "shop", "search")).isFalse();
        assertThat(blocked("203.0.113.7", "shop", null)).isFalse();
    }

    @Test
    void aBlockOfAllEndpointsHoldsBesideOneThatHasEnded() {
        put("203.0.113.7", new Scope("shop", "login"), NOW.minusSeconds(1), 1);
        put("203.0.113.0/24", SHOP, LATER, 1);

        assertThat(blocked("203.0.113.7", "shop", "login")).isTrue();
    }

    @Test
    void aBlockEndsByTheClockWithoutBeingTold() {
        put("203.0.113.7", SHOP, NOW, 1);

        assertThat(blocked("203.0.113.7")).isFalse();
    }

    @Test
    void anOlderVersionNeverOverwritesANewerOne() {
        put("203.0.113.7", SHOP, NOW, 2);
        put("203.0.113.7", SHOP, LATER, 1);

        assertThat(blocked("203.0.113.7")).isFalse();

        put("203.0.113.7", SHOP, LATER, 3);

        assertThat(blocked("203.0.113.7")).isTrue();
    }

    @Test
    void aCaptchaRefusesNobodyByItself() {
        put(Remediation.CAPTCHA, LATER, 1);

        assertThat(blocked("203.0.113.7")).isFalse();
        assertThat(challenged()).isTrue();
        assertThat(table.inForce(null, NOW)).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource(Remediation.class)
    void whatBecomesTheOtherRemediationIsThatAlone(Remediation first) {
        var second = first == Remediation.BAN ? Remediation.CAPTCHA : Remediation.BAN;
        put(first, LATER, 1);
        put(second, LATER, 2);
        put(first, LATER, 1); // old news

        assertThat(blocked("203.0.113.7")).isEqualTo(second == Remediation.BAN);
        assertThat(challenged()).isEqualTo(second == Remediation.CAPTCHA);

        put(first, LATER, 3);

        assertThat(blocked("203.0.113.7")).isEqualTo(first == Remediation.BAN);
        assertThat(challenged()).isEqualTo(first == Remediation.CAPTCHA);
    }

    @Test
    void whatEndedLongAgoIsForgottenAndTheRestIsNot() {
        put("203.0.113.7", SHOP, NOW.minus(BlockTable.REMEMBERED), 1);
        put("203.0.113.8", SHOP, NOW.minusSeconds(1), 1);
        put("203.0.113.9", SHOP, LATER, 1);

        table.forgetEnded(NOW);

        assertThat(table.size()).isEqualTo(2);
        assertThat(blocked("203.0.113.9")).isTrue();
    }

    @Test
    void aHundredThousandBlocksOfEveryLengthAnswerLikeAScan() {
        var random = new Random(42);
        var networks = new Network[100_000];
        for (var i = 0; i < networks.length; i++) {
            var bytes = new byte[i % 4 == 0 ? 16 : 4];
            random.nextBytes(bytes);
            var length = bytes.length == 4 ? 18 + random.nextInt(15) : 20 + random.nextInt(109);
            networks[i] = Network.of(bytes).masked(length);
            table.put(networks[i], SHOP, Remediation.BAN, LATER, 1);
        }
        for (var i = 0; i < 200; i++) {
            var address = new byte[i % 4 == 0 ? 16 : 4];
            random.nextBytes(address);
            var client = i % 3 == 0 ? Network.of(networks[i].bytes()) : Network.of(address);
            var expected = false;
            for (var network : networks) {
                expected |= network.contains(client);
            }
            assertThat(blocked(client.toString())).as(client.toString()).isEqualTo(expected);
        }

        table.forgetEnded(LATER.plus(Duration.ofDays(1)));

        assertThat(table.size()).isZero();
        assertThat(blocked(networks[0].toString().split("/")[0])).isFalse();
    }

    private void put(String target, Scope scope, Instant until, long version) {
        table.put(Network.parse(target), scope, Remediation.BAN, until, version);
    }

    private void put(Remediation remediation, Instant until, long version) {
        table.put(Network.parse("203.0.113.7"), SHOP, remediation, until, version);
    }

    private boolean challenged() {
        var until = table.challengedUntil(Network.parse("203.0.113.7"), "shop", null, NOW.toEpochMilli());
        return until != BlockTable.NOT_BLOCKED;
    }

    private boolean blocked(String address) {
        return blocked(address, "shop", null);
    }

    private boolean blocked(String address, String application, @Nullable String endpoint) {
        return table.blockedUntil(Network.parse(address), application, endpoint, NOW.toEpochMilli())
                != BlockTable.NOT_BLOCKED;
    }
}
