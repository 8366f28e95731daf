package io.bulwark.ratelimit.signin;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.bulwark.kit.hash.Sha256;
import java.util.HexFormat;

/**
 * Text that somebody typed, as indexes, events and their headers take it: without what cannot be printed, and by its digest
 * where it is long. Whoever publishes on the topic bounds it or not.
 */
public final class PlainText {
    private static final int BYTES = 16;

    private PlainText() {}

    /** The same however often it is asked for. */
    public static String of(String text, int longest) {
        var plain = new StringBuilder();
        text.codePoints().filter(PlainText::isPlain).forEach(plain::appendCodePoint);
        var stripped = plain.toString().strip();
        return stripped.length() > longest ? digest(stripped) : stripped;
    }

    /** Without control characters, and expressible in UTF-8. */
    public static boolean isPlain(String text) {
        return text.codePoints().allMatch(PlainText::isPlain);
    }

    private static boolean isPlain(int codePoint) {
        return !Character.isISOControl(codePoint) && Character.getType(codePoint) != Character.SURROGATE;
    }

    /** 32 hexadecimal digits. */
    static String digest(String text) {
        return HexFormat.of().formatHex(Sha256.of(text.getBytes(UTF_8)), 0, BYTES);
    }
}
