package io.bulwark.auth.token;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class OAuthRefusalAnswerTest {
    private final AtomicInteger counted = new AtomicInteger();
    private final OAuthRefusalAnswer answers = new OAuthRefusalAnswer(counted::incrementAndGet);

    @Test
    void guessingAClientsSecretIsARefusedCall() {
        assertThat(answers.answer(OAuthRefusal.invalidClient()).getStatus()).isEqualTo(401);

        assertThat(counted).hasValue(1);
    }

    @Test
    void aRequestThatMakesNoSenseIsNone() {
        assertThat(answers.answer(OAuthRefusal.invalidGrant()).getStatus()).isEqualTo(400);

        assertThat(counted).hasValue(0);
    }
}
