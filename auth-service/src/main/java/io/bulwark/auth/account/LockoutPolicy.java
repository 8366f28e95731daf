package io.bulwark.auth.account;

import io.bulwark.auth.AuthConfig;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * When an account stops taking passwords, and for how long. A window opens with the first failure; what comes after its
 * end opens a new one. A lockout ends by itself, so that a stranger can keep nobody out for good.
 */
record LockoutPolicy(int failures, Duration window, Duration duration) {

    static LockoutPolicy of(AuthConfig.Lockout config) {
        return new LockoutPolicy(config.failures(), config.window(), config.duration());
    }

    boolean sameWindow(@Nullable Instant since, Instant now) {
        return since != null && now.isBefore(since.plus(window));
    }

    boolean locks(int counted) {
        return counted >= failures;
    }

    Instant until(Instant now) {
        return now.plus(duration);
    }
}
