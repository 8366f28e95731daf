package io.bulwark.ratelimit.envoy;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.util.HexFormat;

/** {@code RateLimitRequest} of the domain edge, made by hand, as hexadecimal digits. */
final class RateLimitRequest {
    private RateLimitRequest() {}

    static RateLimitQuery query(String hex) throws IOException {
        var bytes = HexFormat.of().parseHex(hex);
        return RateLimitQuery.read(bytes, 0, bytes.length);
    }

    static String ask(String key, String value) {
        return message(descriptor(key, value));
    }

    static String message(String... descriptors) {
        var message = new StringBuilder(field("0a", hex("edge")));
        for (var descriptor : descriptors) {
            message.append(field("12", descriptor));
        }
        return message.toString();
    }

    static String descriptor(String key, String value) {
        return field("0a", field("0a", hex(key)) + field("12", hex(value)));
    }

    private static String field(String tag, String content) {
        return tag + HexFormat.of().toHexDigits((byte) (content.length() / 2)) + content;
    }

    private static String hex(String text) {
        return HexFormat.of().formatHex(text.getBytes(UTF_8));
    }
}
