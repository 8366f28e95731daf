package io.bulwark.ratelimit.observation;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Splits a stream into lines, in memory of a fixed size: a line that is longer is passed over. */
final class LogLines {
    static final int LONGEST = 16 * 1_024;

    private static final byte[] TOO_LONG = new byte[0];

    private final InputStream in;
    private final byte[] buffer = new byte[LONGEST];
    private final byte[] line = new byte[LONGEST];
    private int next;
    private int end;

    LogLines(InputStream in) {
        this.in = in;
    }

    static boolean isTooLong(byte[] line) {
        return line == TOO_LONG;
    }

    /** The next line without its end, which may be empty; {@link #isTooLong} of it; null where there is none. */
    byte @Nullable [] next() throws IOException {
        var length = 0;
        var tooLong = false;
        while (true) {
            if (next == end && !fill()) {
                return length == 0 && !tooLong ? null : finished(length, tooLong);
            }
            var value = buffer[next++];
            if (value == '\n') {
                return finished(length, tooLong);
            }
            if (length == LONGEST) {
                tooLong = true;
            } else {
                line[length++] = value;
            }
        }
    }

    private byte[] finished(int length, boolean tooLong) {
        if (tooLong) {
            return TOO_LONG;
        }
        var withoutReturn = length > 0 && line[length - 1] == '\r' ? length - 1 : length;
        return Arrays.copyOf(line, withoutReturn);
    }

    private boolean fill() throws IOException {
        next = 0;
        end = Math.max(0, in.read(buffer));
        return end > 0;
    }
}
