package io.bulwark.ratelimit.limit;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class KeyHashTest {
    /** CPython 3.11 hashes bytes by SipHash-1-3, and with PYTHONHASHSEED=0 its key is zero. */
    @Test
    void isTheSipHashOfOthers() {
        var hash = new KeyHash(0, 0);

        assertThat(hash.of(1, 2, 3)).isEqualTo(-8445545542354784863L);
        assertThat(hash.of(0x0706050403020100L, 0x0F0E0D0C0B0A0908L, 0x1716151413121110L))
                .isEqualTo(3537676771234361146L);
    }
}
