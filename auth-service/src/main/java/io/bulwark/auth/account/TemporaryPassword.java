package io.bulwark.auth.account;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A password that the server made up, to be changed at the first sign-in.
 *
 * @param plain shown once and kept nowhere
 * @param expiresAt null where it stays good until it is changed
 */
record TemporaryPassword(
        String plain, String hash, @Nullable Instant expiresAt) {
    @Override
    public String toString() {
        return "TemporaryPassword[expiresAt=" + expiresAt + "]";
    }
}
