package io.bulwark.ratelimit.decision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bulwark.kit.net.Network;
import io.bulwark.ratelimit.prefix.Scope;
import java.time.Instant;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ReferenceTest {
    private static final Instant AT = Instant.parse("2026-11-24T12:34:56Z");

    @ParameterizedTest
    @EnumSource(names = {"BLOCKED", "LIMITED", "LOCKDOWN", "MAINTENANCE"})
    void whatIsWrittenIsRead(Outcome outcome) {
        for (var address : new String[] {"203.0.113.7", "2001:db8::1"}) {
            var reference = new Reference(outcome, AT, Network.parse(address), new Scope("shop", "login"));
            assertThat(Reference.parse(reference.text())).isEqualTo(reference);
            assertThat(reference.text()).hasSizeLessThan(50).matches("[A-Za-z0-9_-]+");
        }
    }

    @Test
    void theLongestNameFits() {
        var reference = new Reference(
                Outcome.BLOCKED, AT, Network.parse("2001:db8::1"), new Scope("a".repeat(64), "b".repeat(64)));
        assertThat(reference.text()).hasSizeLessThanOrEqualTo(Reference.LONGEST);
        assertThat(Reference.parse(reference.text())).isEqualTo(reference);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "!", "AAAA", "TAAAAAQ", "not a reference"})
    void rubbishIsNone(String text) {
        assertThatThrownBy(() -> Reference.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void mutatedOnesAreReadOrRefused() {
        var random = new Random(7);
        var text = new Reference(Outcome.BLOCKED, AT, Network.parse("203.0.113.7"), new Scope("shop", null)).text();
        for (var i = 0; i < 20_000; i++) {
            var mutated = new StringBuilder(text);
            mutated.setCharAt(random.nextInt(text.length()), (char) (32 + random.nextInt(96)));
            try {
                assertThat(Reference.parse(mutated.toString()).client()).isNotNull();
            } catch (IllegalArgumentException e) {
                assertThat(e).isNotNull();
            }
        }
    }
}
