package io.bulwark.auth.account;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bulwark.kit.problem.Problem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PasswordPolicyTest {
    private final PasswordPolicy policy = new PasswordPolicy(15, 256, PasswordBlocklist.load());

    @ParameterizedTest
    @ValueSource(
            strings = {
                "walnut ferry cobalt",
                "aufderalmdagibtskoasünd",
                "ĝis la revido, amikoj",
                "🐢🐇🐢🐢🐇🐇🐢🐇🐢🐇🐇🐇🐢🐢🐢",
                "ada-was-here-before-you"
            })
    void takesWhatIsLongWhateverItIsMadeOf(String password) {
        assertThat(policy.objection(password, "ada@example.com")).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "short but fine",
                "PasswordPassword",
                "Correct-Horse-Battery-Staple",
                "aaaaaaaaaaaaaaaaaaaa",
                "abcabcabcabcabcabc",
                "12345123451234512345",
                "ada.lovelace2024",
                "Bulwark-Example1",
                "lovelace-example"
            })
    void refusesWhatIsTriedFirst(String password) {
        assertThat(policy.objection(password, "ada.lovelace@example.com")).isNotNull();
    }

    @Test
    void countsCodePointsAfterNormalisation() {
        assertThat(policy.objection("ﬁne words here", "a@b.c"))
                .as("14 characters, 15 once the ligature is two")
                .isNull();
        assertThat(policy.objection("é".repeat(14) + "x", "a@b.c"))
                .as("combining accents are no characters of their own")
                .isNull();
    }

    @Test
    void refusesToLookAtMoreThanItHashes() {
        policy.requireBounded("x".repeat(256));

        assertThatThrownBy(() -> policy.requireBounded("x".repeat(257)))
                .isInstanceOfSatisfying(
                        Problem.class, problem -> assertThat(problem.status()).isEqualTo(422));
    }
}
