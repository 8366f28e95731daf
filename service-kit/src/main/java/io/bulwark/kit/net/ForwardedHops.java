package io.bulwark.kit.net;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The hops that proxies have written into a request, read from the right over all lines of a header: the nearest first. What
 * a client wrote stands further left and cannot change how they are read.
 */
public final class ForwardedHops {
    private static final int MOST = 32;

    private final List<String> lines;
    private final boolean isForwarded;
    private int unread;
    private String line = "";
    private int from;
    private int to;
    private int seen;

    private ForwardedHops(List<String> lines, boolean isForwarded) {
        this.lines = lines;
        this.isForwarded = isForwarded;
        this.unread = lines.size();
    }

    /** @param lines of {@code X-Forwarded-For} or a header that is written as it is */
    public static ForwardedHops listed(List<String> lines) {
        return new ForwardedHops(lines, false);
    }

    /** @param lines of {@code Forwarded} (RFC 7239) */
    public static ForwardedHops forwarded(List<String> lines) {
        return new ForwardedHops(lines, true);
    }

    /** Goes on to the next; false where there is none, or more were there than anybody has proxies. */
    public boolean next() {
        if (seen == MOST || from == 0 && unread == 0) {
            return false;
        }
        if (from == 0) {
            line = lines.get(--unread);
            to = line.length();
        } else {
            to = from - 1;
        }
        from = 1 + (isForwarded ? ForwardedElement.commaBefore(line, to) : line.lastIndexOf(',', to - 1));
        seen++;
        return true;
    }

    /** The address that it names; null where it names none. */
    public @Nullable Network address() {
        return isForwarded ? ForwardedElement.address(line, from, to) : HopText.address(line, from, to);
    }

    /** Nothing stands there. */
    public boolean isBlank() {
        return HopText.skipBlanks(line, from, to) == to;
    }
}
