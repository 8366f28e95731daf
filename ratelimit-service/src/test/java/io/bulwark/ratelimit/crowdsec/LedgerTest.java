package io.bulwark.ratelimit.crowdsec;

import static org.assertj.core.api.Assertions.assertThat;

import io.bulwark.kit.net.Network;
import io.bulwark.ratelimit.crowdsec.BouncerDecision.Key;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class LedgerTest {
    private static final Terms TERMS = new Terms("bulwark", "bulwark/login", "ban");
    private static final long NO_REPEAT = Long.MAX_VALUE;
    private static final long UNTIL = 10_000_000;

    private final Ledger ledger = new Ledger("shop");

    @Test
    void aBouncerIsToldOfWhatChangedSinceItRead() {
        put("203.0.113.1", UNTIL, 1);
        var read = ledger.end();
        put("203.0.113.2", UNTIL, 1);

        assertThat(values(ledger.after(read, NO_REPEAT))).containsExactly("203.0.113.2");
        assertThat(values(ledger.after(ledger.end(), NO_REPEAT))).isEmpty();
    }

    @Test
    void whatIsDecidedForTheSameReasonKeepsItOnce() {
        ledger.put(key("203.0.113.1"), new Terms("bulwark-manual", "manual 'ban': list", "ban"), UNTIL, 1, 0);
        ledger.put(key("203.0.113.2"), new Terms("bulwark-manual", "manual 'ban': list", "ban"), UNTIL, 1, 0);

        assertThat(ledger.find(key("203.0.113.2")).terms())
                .isSameAs(ledger.find(key("203.0.113.1")).terms());
    }

    @Test
    void olderNewsChangesNothing() {
        put("203.0.113.1", 50, 7);
        var read = ledger.end();

        put("203.0.113.1", UNTIL, 6);
        put("203.0.113.1", UNTIL, 7);

        assertThat(ledger.after(read, NO_REPEAT)).isEmpty();
        assertThat(ledger.all()).singleElement().returns(50L, BouncerDecision::until);
    }

    @Test
    void eachIsInTheLogOnceHoweverOftenItChanges() {
        for (var version = 1; version <= 1_000; version++) {
            put("203.0.113.1", UNTIL + version, version);
        }
        assertThat(ledger.all()).hasSize(1);
        assertThat(ledger.size()).isEqualTo(1);
    }

    @Test
    void whatChangedLatelyIsToldAgain() {
        ledger.put(key("203.0.113.1"), TERMS, UNTIL, 1, 100);
        ledger.put(key("203.0.113.2"), TERMS, UNTIL, 1, 200);
        ledger.put(key("203.0.113.3"), TERMS, UNTIL, 1, 300);

        assertThat(values(ledger.after(ledger.end(), 200))).containsExactly("203.0.113.2", "203.0.113.3");
    }

    @Test
    void whatIsToldAgainCountsAsWhatIsNewDoes() {
        for (var i = 1; i <= 20; i++) {
            ledger.put(key("203.0.113." + i), TERMS, UNTIL, 1, 100 * i);
        }
        var read = ledger.end();
        put("203.0.113.21", UNTIL, 1);

        assertThat(ledger.changes(read, NO_REPEAT, 50)).isEqualTo(1);
        assertThat(ledger.changes(read, 1_501, 50)).isEqualTo(6);
        assertThat(ledger.changes(read, 100, 50)).isEqualTo(21);
        assertThat(ledger.changes(Bouncers.NOWHERE, NO_REPEAT, 50)).isEqualTo(21);
        assertThat(ledger.changes(read, 100, 9)).isEqualTo(10);
        assertThat(ledger.changes(ledger.end(), NO_REPEAT, 50)).isZero();
    }

    @Test
    void whatStoodThereAtTheStartIsNoNews() {
        put("203.0.113.1", UNTIL, 1);

        assertThat(ledger.after(ledger.end(), 1)).isEmpty();
    }

    @Test
    void whatEndedLongAgoIsForgottenAndTheRestIsNot() {
        put("203.0.113.1", 999, 1);
        put("203.0.113.2", 1_000, 1);

        ledger.forget(1_000);

        assertThat(values(ledger.all())).containsExactly("203.0.113.2");
        assertThat(ledger.containing(Network.parse("203.0.113.1"))).isEmpty();
    }

    @Test
    void anAddressIsInEveryRangeAroundIt() {
        for (var target : List.of("203.0.113.7", "203.0.113.0/24", "203.0.0.0/16", "203.0.113.8", "2001:db8::/64")) {
            put(target, UNTIL, 1);
        }
        assertThat(values(ledger.containing(Network.parse("203.0.113.7"))))
                .containsExactly("203.0.113.7", "203.0.113.0/24", "203.0.0.0/16");
        assertThat(values(ledger.containing(Network.parse("203.0.113.0/25"))))
                .containsExactly("203.0.113.0/24", "203.0.0.0/16");
        assertThat(values(ledger.containing(Network.parse("2001:db8::1")))).containsExactly("2001:db8::/64");
        assertThat(values(ledger.containing(Network.parse("::ffff:203.0.113.8"))))
                .contains("203.0.113.8");
    }

    @Test
    void aBouncerThatFollowsWhileOthersChangeMissesNothing() {
        var changes = CompletableFuture.runAsync(() -> {
            for (var version = 1; version <= 20_000; version++) {
                put("198.18.0." + version % 50, version, version);
            }
        });
        var known = new HashMap<String, Long>();
        long read = -1;
        while (true) {
            var over = changes.isDone();
            var end = ledger.end();
            ledger.after(read, NO_REPEAT)
                    .forEach(decision -> known.merge(decision.key().value(), decision.version(), Math::max));
            read = end;
            if (over) {
                break;
            }
        }
        changes.join();
        var truth = new HashMap<String, Long>();
        ledger.all().forEach(decision -> truth.put(decision.key().value(), decision.version()));
        assertThat(known).isEqualTo(truth).hasSize(50);
    }

    private void put(String target, long until, long version) {
        ledger.put(key(target), TERMS, until, version, 0);
    }

    private static Key key(String target) {
        return Key.of(Network.parse(target));
    }

    private static List<String> values(Collection<BouncerDecision> decisions) {
        var values = new ArrayList<String>();
        decisions.forEach(decision -> values.add(decision.key().value()));
        return values;
    }
}
