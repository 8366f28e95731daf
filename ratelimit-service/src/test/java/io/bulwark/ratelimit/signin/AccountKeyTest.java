package io.bulwark.ratelimit.signin;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class AccountKeyTest {
    @Test
    void upperCaseAndBlanksMakeNoOtherAccount() {
        assertThat(AccountKey.of(" Ann@Example.COM ")).isEqualTo(AccountKey.of("ann@example.com"));
        assertThat(AccountKey.of("ann@example.org")).isNotEqualTo(AccountKey.of("ann@example.com"));
    }

    @Test
    void aNameIsToldOfInOneWayHoweverItWasTyped() {
        assertThat(AccountKey.name("\t Ann\u0000@Example.COM\ud800 ")).isEqualTo("ann@example.com");
        assertThat(AccountKey.name("x".repeat(320))).hasSize(320);
    }

    @Test
    void aLongNameIsToldByItsDigestUnderTheSameKey() {
        var digest = AccountKey.name(" " + "X".repeat(321));

        assertThat(digest).matches("[0-9a-f]{32}");
        assertThat(AccountKey.of(digest)).isEqualTo(AccountKey.of("x".repeat(321)));
    }

    @Test
    void aKeyIsShortAndTellsNothing() {
        assertThat(AccountKey.of("x".repeat(100_000))).matches("[0-9a-f]{32}");
        assertThat(AccountKey.of("")).matches("[0-9a-f]{32}");
    }
}
