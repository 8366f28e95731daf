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
    void aKeyIsShortAndTellsNothing() {
        assertThat(AccountKey.of("x".repeat(100_000))).matches("[0-9a-f]{32}");
        assertThat(AccountKey.of("")).matches("[0-9a-f]{32}");
    }
}
