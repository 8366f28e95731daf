package io.bulwark.ratelimit.crowdsec;

import io.vertx.core.buffer.Buffer;

/**
 * Whole seconds as Go prints them, the unit of seconds always there: {@code 4h0m0s}, {@code 1m30s}, {@code -5s}. Bouncers
 * that parse it by a pattern read {@code 4h} as four seconds.
 */
final class GoDuration {
    private static final long MINUTE = 60;
    private static final long HOUR = 60 * MINUTE;

    private GoDuration() {}

    static void write(Buffer text, long seconds) {
        if (seconds < 0) {
            text.appendByte((byte) '-');
        }
        var left = Math.abs(seconds);
        if (left >= HOUR) {
            number(text, left / HOUR, 'h');
        }
        if (left >= MINUTE) {
            number(text, left % HOUR / MINUTE, 'm');
        }
        number(text, left % MINUTE, 's');
    }

    private static void number(Buffer text, long number, char unit) {
        if (number >= 10) {
            digits(text, number / 10);
        }
        text.appendByte((byte) ('0' + number % 10)).appendByte((byte) unit);
    }

    private static void digits(Buffer text, long number) {
        if (number >= 10) {
            digits(text, number / 10);
        }
        text.appendByte((byte) ('0' + number % 10));
    }
}
