package io.bulwark.kit.http;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Splits a stream into lines, in memory of a fixed size: a line that is longer is passed over. */
public final class BodyLines {
    private static final byte[] TOO_LONG = new byte[0];
    private static final int BUFFER = 16 * 1_024;

    private final InputStream in;
    private final byte[] buffer = new byte[BUFFER];
    private final byte[] line;
    private int next;
    private int end;

    /** @param longest a line of more bytes is passed over */
    public BodyLines(InputStream in, int longest) {
        this.in = in;
        this.line = new byte[longest];
    }

    public static boolean isTooLong(byte[] line) {
        return line == TOO_LONG;
    }

    /** The next line without its end, which may be empty; {@link #isTooLong} of it; null where there is none. */
    public byte @Nullable [] next() throws IOException {
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
            if (length == line.length) {
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
