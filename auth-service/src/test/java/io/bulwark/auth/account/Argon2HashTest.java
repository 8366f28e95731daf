package io.bulwark.auth.account;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.bouncycastle.crypto.generators.Argon2BytesGenerator.FixedBlockPool;
import org.junit.jupiter.api.Test;

class Argon2HashTest {
    /** Of the reference implementation's own tests. */
    private static final String REFERENCE =
            "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc";

    private final FixedBlockPool pool = new FixedBlockPool(19_456);

    @Test
    void readsWhatTheReferenceImplementationWrites() {
        var hash = Argon2Hash.parse(REFERENCE);

        assertThat(hash.matches("password", pool)).isTrue();
        assertThat(hash.matches("Password", pool)).isFalse();
        assertThat(hash.phc()).isEqualTo(REFERENCE);
    }

    @Test
    void aHashOfSmallerParametersIsWeaker() {
        assertThat(Argon2Hash.parse(REFERENCE).isWeakerThan(19_456, 2)).isFalse();
        assertThat(Argon2Hash.parse(REFERENCE).isWeakerThan(65_536, 3)).isTrue();
    }

    @Test
    void reusedMemoryDoesNotLeakFromOneHashIntoTheNext() {
        var salt = "saltsaltsaltsalt".getBytes(US_ASCII);
        var first = Argon2Hash.of("one password", salt, 7_168, 1, pool).phc();
        Argon2Hash.of("another password", salt, 19_456, 1, pool);

        assertThat(Argon2Hash.of("one password", salt, 7_168, 1, pool).phc()).isEqualTo(first);
    }

    @Test
    void whatIsNoPhcStringIsRefused() {
        assertThatThrownBy(() -> Argon2Hash.parse("$argon2i$v=19$m=65536,t=2,p=1$c29tc2FsdA$CTFh"))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Argon2Hash.parse("$argon2id$v=19$m=9999999,t=2,p=1$c29tc2FsdA$CTFh"))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
