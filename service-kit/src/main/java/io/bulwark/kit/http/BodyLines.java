package io.bulwark.kit.http;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Splits a stream into lines, in memory of a fixed size: a line that is longer is passed over. A byte order mark of UTF-8
 * before a line is no part of it: files that were put together have them in their midst.
 */
public final class BodyLines {
    private static final byte[] TOO_LONG = new byte[0];
    private static final int BUFFER = 16 * 1_024;
    private static final byte[] BYTE_ORDER_MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};

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
        var from = beginsWithMark(length) ? BYTE_ORDER_MARK.length : 0;
        var withoutReturn = length > from && line[length - 1] == '\r' ? length - 1 : length;
        return Arrays.copyOfRange(line, from, withoutReturn);
    }

    private boolean beginsWithMark(int length) {
        var mark = BYTE_ORDER_MARK.length;
        return length >= mark && Arrays.equals(line, 0, mark, BYTE_ORDER_MARK, 0, mark);
    }

    private boolean fill() throws IOException {
        next = 0;
        end = Math.max(0, in.read(buffer));
        return end > 0;
    }
}
