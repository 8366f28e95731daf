package io.bulwark.ratelimit.envoy;

import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** {@code RateLimitResponse.RateLimit.Unit}: a month has 30 days, a year 365. */
enum LimitUnit {
    SECOND(1, Duration.ofSeconds(1)),
    MINUTE(2, Duration.ofMinutes(1)),
    HOUR(3, Duration.ofHours(1)),
    DAY(4, Duration.ofDays(1)),
    WEEK(7, Duration.ofDays(7)),
    MONTH(5, Duration.ofDays(30)),
    YEAR(6, Duration.ofDays(365));

    private final int number;
    private final Duration window;

    LimitUnit(int number, Duration window) {
        this.number = number;
        this.window = window;
    }

    /** On the wire. */
    int number() {
        return number;
    }

    Duration window() {
        return window;
    }

    /** Null where the number is none, or that of an unknown unit. */
    static @Nullable LimitUnit of(int number) {
        for (var unit : values()) {
            if (unit.number == number) {
                return unit;
            }
        }
        return null;
    }

    /** Null where no unit has this name, in whatever case. */
    static @Nullable LimitUnit named(String name) {
        var upper = name.toUpperCase(Locale.ROOT);
        for (var unit : values()) {
            if (unit.name().equals(upper)) {
                return unit;
            }
        }
        return null;
    }
}
