package io.bulwark.ratelimit.crowdsec;

import static io.bulwark.ratelimit.crowdsec.Shop.DAY;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** A bouncer that asks for some decisions only keeps none that has become another's. */
class FormerTermsTest {
    private static final String DETECTED = "origins=bulwark";
    private static final String MANUAL = "origins=bulwark-manual";
    private static final String ADDRESS = "203.0.113.7";

    private final Shop shop = new Shop();

    @Test
    void whatAPersonRenewsIsTakenBackFromWhoWantsDetectionsOnly() {
        shop.detect(ADDRESS, "login", DAY);
        var read = shop.end();
        assertThat(shop.changes(0, DETECTED)).hasToString("+[203.0.113.7] -[]");

        shop.block(ADDRESS, DAY);

        assertThat(shop.changes(read, DETECTED)).hasToString("+[] -[203.0.113.7]");
        assertThat(shop.whole(DETECTED)).hasToString("+[] -[203.0.113.7]");
        assertThat(shop.changes(read, MANUAL)).hasToString("+[203.0.113.7] -[]");
        assertThat(shop.changes(read, "")).hasToString("+[203.0.113.7] -[]");
        assertThat(shop.changes(read, "origins=lists")).hasToString("+[] -[]");
        assertThat(shop.live(DETECTED)).isEqualTo("null");
    }

    @Test
    void whatAPersonRenewsAndLiftsBeforeTheNextPollIsTakenBackToo() {
        shop.detect(ADDRESS, "login", DAY);
        var read = shop.end();

        shop.block(ADDRESS, DAY);
        shop.unblock(ADDRESS);

        assertThat(shop.changes(read, DETECTED)).hasToString("+[] -[203.0.113.7]");
        assertThat(shop.changes(read, "")).hasToString("+[] -[203.0.113.7]");
    }

    @Test
    void whatAPersonRenewedWhileItWasNotFollowedIsTakenBackForAsLong() {
        shop.detect(ADDRESS, "login", DAY);
        var read = shop.end();

        shop.load(ADDRESS, DAY);
        shop.later(Duration.ofMinutes(40));
        shop.tick();

        assertThat(shop.changes(read, DETECTED)).hasToString("+[] -[203.0.113.7]");
    }

    @Test
    void itIsTakenBackAsWhatItWasToldAs() {
        shop.detect(ADDRESS, "login", DAY);
        var read = shop.end();
        shop.block(ADDRESS, DAY);

        assertThat(shop.stream(read, "scenarios_containing=login"))
                .contains("\"duration\":\"-1s\"", "\"scenario\":\"bulwark/login\"");
    }

    @Test
    void whatHasItsFormerTermsAgainIsNew() {
        shop.detect(ADDRESS, "login", DAY);
        shop.block(ADDRESS, DAY);
        var read = shop.end();

        shop.detect(ADDRESS, "login", DAY);

        assertThat(shop.changes(read, DETECTED)).hasToString("+[203.0.113.7] -[]");
        assertThat(shop.changes(read, MANUAL)).hasToString("+[] -[203.0.113.7]");
    }

    @Test
    void partsAreTakenBackToo() {
        shop.allow("203.0.113.2");
        shop.detect("203.0.113.0/30", "login", DAY);
        var read = shop.end();

        shop.block("203.0.113.0/30", DAY);

        assertThat(shop.changes(read, DETECTED)).hasToString("+[] -[203.0.113.0/30, 203.0.113.0/31, 203.0.113.3]");
        assertThat(shop.changes(read, MANUAL)).hasToString("+[203.0.113.0/31, 203.0.113.3] -[203.0.113.0/30]");
    }

    @Test
    void whereAListStandsItIsNewInstead() {
        shop.lists(shop.list("drop", DAY, ADDRESS));
        shop.detect(ADDRESS, "login", DAY);
        var read = shop.end();

        shop.block(ADDRESS, DAY);

        assertThat(shop.changes(read, "origins=bulwark,lists")).hasToString("+[203.0.113.7] -[]");
    }

    @Test
    void onceBouncersHaveForgottenThemFormerTermsAreForgottenToo() {
        shop.detect(ADDRESS, "login", DAY);
        shop.block(ADDRESS, DAY);
        shop.later(Duration.ofMinutes(40));
        shop.detect(ADDRESS, "search", DAY);
        shop.later(Duration.ofMinutes(40));
        shop.tick();

        assertThat(shop.whole("scenarios_containing=login")).hasToString("+[] -[]");
        assertThat(shop.whole(MANUAL)).hasToString("+[] -[203.0.113.7]");

        shop.later(Duration.ofMinutes(40));
        shop.tick();
        assertThat(shop.whole(MANUAL)).hasToString("+[] -[]");
        assertThat(shop.whole(DETECTED)).hasToString("+[203.0.113.7] -[]");
    }
}
