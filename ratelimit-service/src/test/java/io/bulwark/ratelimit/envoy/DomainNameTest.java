package io.bulwark.ratelimit.envoy;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DomainNameTest {
    @ParameterizedTest
    @ValueSource(strings = {"edge", "edge of the shop", "k\u00F6ln", "\u00A0"})
    void isAnyText(String name) {
        assertThat(name).matches(EnvoyDomainResource.DOMAIN);
    }

    /** Followers of the rules' topic read no event whose subject holds one. */
    @ParameterizedTest
    @ValueSource(strings = {"", "a/b", "a\0b", "a\nb", "a\u007Fb", "a\u0080b", "a\u0085b", "a\u009Fb"})
    void holdsNoControlCharacter(String name) {
        assertThat(name).doesNotMatch(EnvoyDomainResource.DOMAIN);
    }
}
