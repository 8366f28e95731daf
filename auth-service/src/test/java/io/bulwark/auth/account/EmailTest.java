package io.bulwark.auth.account;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EmailTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                " Ada@Example.com ",
                "\u00a0ada@example.com\u00a0",
                "\u3000ada\uff20example.com",
                "\uff21\uff24\uff21@example.com"
            })
    void whateverIsTypedForAnAddressIsThatAddress(String typed) {
        assertThat(Email.normalise(typed)).isEqualTo("ada@example.com").matches(Email.FORM);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ada\uff20b@example.com",
                "ada\u00a0b@example.com",
                "ada\u200b@example.com",
                "\u202eada@example.com",
                "ada\u2028@example.com",
                "ada@exam\u00adple.com",
                "ada\u0000@example.com",
                "ada.example.com",
                "@example.com"
            })
    void whatLooksLikeAnotherAddressOrLikeNoneIsNone(String typed) {
        assertThat(Email.normalise(typed)).doesNotMatch(Email.FORM);
    }
}
