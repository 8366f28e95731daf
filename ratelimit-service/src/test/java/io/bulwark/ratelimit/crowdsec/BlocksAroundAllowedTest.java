package io.bulwark.ratelimit.crowdsec;

import static io.bulwark.ratelimit.crowdsec.Shop.DAY;
import static org.assertj.core.api.Assertions.assertThat;

import io.bulwark.ratelimit.block.Remediation;
import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Bouncers refuse nobody whom the allowlist serves, whatever range is blocked around. */
class BlocksAroundAllowedTest {
    private final Shop shop = new Shop();

    @Test
    void aRangeThatHoldsSomebodyIsHandedOutInTheOtherParts() {
        shop.allow("203.0.113.2");
        var read = shop.end();
        shop.block("203.0.113.0/30", DAY);

        assertThat(shop.whole("")).hasToString("+[203.0.113.0/31, 203.0.113.3] -[203.0.113.0/30]");
        assertThat(shop.changes(read, "")).hasToString("+[203.0.113.0/31, 203.0.113.3] -[203.0.113.0/30]");
        assertThat(shop.live("ip=203.0.113.2")).isEqualTo("null");
        assertThat(shop.live("ip=203.0.113.1")).contains("\"value\":\"203.0.113.0/31\"");
        assertThat(shop.live("ip=203.0.113.3"))
                .contains("\"duration\":\"24h0m0s\"", "\"scope\":\"Ip\"", "\"value\":\"203.0.113.3\"");
        assertThat(shop.live("range=203.0.113.0/24&contains=false")).doesNotContain("/30");
        assertThat(shop.live("")).contains("203.0.113.0/31", "203.0.113.3").doesNotContain("/30");
        assertThat(shop.live("value=203.0.113.0/30")).isEqualTo("null");
    }

    @Test
    void whoFollowsIsToldWhenTheAllowlistChanges() {
        shop.block("203.0.113.0/30", DAY);
        shop.block("198.51.100.7", DAY);
        var read = shop.end();

        shop.allow("203.0.113.2", "198.51.100.0/24");
        assertThat(shop.changes(read, ""))
                .hasToString("+[203.0.113.0/31, 203.0.113.3] -[198.51.100.7, 203.0.113.0/30]");

        read = shop.end();
        shop.allow("203.0.113.3");
        assertThat(shop.changes(read, "")).hasToString("+[203.0.113.0/31] -[203.0.113.0/30, 203.0.113.3]");

        read = shop.end();
        shop.allowNobody();
        assertThat(shop.changes(read, ""))
                .hasToString("+[198.51.100.7, 203.0.113.0/30] -[203.0.113.0/31, 203.0.113.3]");
        assertThat(shop.changes(shop.end(), "")).hasToString("+[] -[]");
    }

    @Test
    void partsAreRenewedAndTakenBackWithTheirBlock() {
        shop.allow("203.0.113.2");
        shop.block("203.0.113.0/30", Duration.ofHours(1));
        var read = shop.end();

        shop.block("203.0.113.0/30", DAY);
        assertThat(shop.changes(read, "").told()).containsExactly("203.0.113.0/31", "203.0.113.3");
        assertThat(shop.live("ip=203.0.113.3")).contains("24h0m0s");

        read = shop.end();
        shop.unblock("203.0.113.0/30");
        assertThat(shop.changes(read, "")).hasToString("+[] -[203.0.113.0/30, 203.0.113.0/31, 203.0.113.3]");
        assertThat(shop.live("")).isEqualTo("null");
    }

    @Test
    void partsThatSeveralBlocksHaveInCommonAreOneDecisionTheStrongest() {
        shop.allow("203.0.113.2");
        shop.block("203.0.113.0/29", Remediation.CAPTCHA, DAY);
        shop.block("203.0.113.0/30", Duration.ofHours(1));
        shop.block("203.0.113.3", Remediation.CAPTCHA, DAY);

        assertThat(shop.whole("").told()).containsExactly("203.0.113.0/31", "203.0.113.3", "203.0.113.4/30");
        assertThat(shop.live("")).containsOnlyOnce("203.0.113.0/31").containsOnlyOnce("\"203.0.113.3\"");
        assertThat(shop.live("ip=203.0.113.3")).contains("\"ban\"").doesNotContain("captcha");
        assertThat(shop.live("ip=203.0.113.5")).contains("captcha");

        var read = shop.end();
        shop.unblock("203.0.113.0/30");
        assertThat(shop.changes(read, "")).hasToString("+[203.0.113.0/31, 203.0.113.3] -[203.0.113.0/30]");
        assertThat(shop.live("ip=203.0.113.3")).contains("captcha").doesNotContain("\"ban\"");
    }

    @Test
    void aPartThatAListNamesTooIsTakenBackWithTheLast() {
        shop.allow("203.0.113.2");
        shop.block("203.0.113.0/30", DAY);
        shop.lists(shop.list("drop", DAY.multipliedBy(2), "203.0.113.3"));
        assertThat(shop.live("")).containsOnlyOnce("\"203.0.113.3\"").contains("\"drop\"");

        var read = shop.end();
        shop.unblock("203.0.113.0/30");
        assertThat(shop.changes(read, "")).hasToString("+[203.0.113.3] -[203.0.113.0/30, 203.0.113.0/31]");
    }

    @Test
    void filtersAreForPartsToo() {
        shop.allow("203.0.113.2");
        shop.block("203.0.113.0/30", DAY);

        assertThat(shop.whole("scopes=ip")).hasToString("+[203.0.113.3] -[]");
        assertThat(shop.whole("scopes=range").told()).containsExactly("203.0.113.0/31");
        assertThat(shop.whole("origins=bulwark-manual").told()).hasSize(2);
        assertThat(shop.whole("origins=lists")).hasToString("+[] -[]");
    }

    @Test
    void somebodyOfIPv6LeavesAPartForEachBit() {
        shop.allow("2001:db8::1");
        shop.block("2001:db8::/64", DAY);

        assertThat(shop.whole("").told())
                .hasSize(64)
                .contains("2001:db8::", "2001:db8::2/127", "2001:db8:0:0:8000::/65");
        assertThat(shop.live("ip=2001:db8::1")).isEqualTo("null");
        assertThat(shop.live("ip=2001:db8::ffff:0:0:1")).contains("2001:db8:0:0:8000::/65");
    }

    @Test
    void rangesAroundIPv4WithinIPv6AreCutToo() {
        shop.allow("64:ff9b:1::/48", "::fffe:0:0/97");
        shop.block("64:ff9a::/31", DAY);
        shop.block("::fffe:0:0/95", DAY);

        assertThat(shop.whole("").told())
                .hasSize(18)
                .contains("64:ff9a::/32", "64:ff9b::/48", "64:ff9b:2::/47", "::fffe:8000:0/97");
    }

    @Test
    void onceBouncersHaveForgottenItAFormerPartIsForgottenToo() {
        shop.block("203.0.113.0/30", DAY);
        shop.allow("203.0.113.2");
        shop.allowNobody();
        assertThat(shop.whole("").takenBack()).containsExactly("203.0.113.0/31", "203.0.113.3");

        shop.later(Duration.ofHours(2));
        shop.tick();

        assertThat(shop.whole("")).hasToString("+[203.0.113.0/30] -[]");
    }

    @Test
    void aBlockThatWouldFallIntoTooManyPartsIsLeftToCheck() {
        shop.allow(IntStream.range(0, 200)
                .mapToObj(i -> "2001:db8:" + Integer.toHexString(i * 256) + "::1")
                .toArray(String[]::new));
        shop.block("2001:db8::/32", DAY);
        shop.block("203.0.113.7", DAY);

        assertThat(shop.whole("")).hasToString("+[203.0.113.7] -[2001:db8::/32]");
    }
}
