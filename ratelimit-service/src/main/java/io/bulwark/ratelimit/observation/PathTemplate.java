package io.bulwark.ratelimit.observation;

import java.util.regex.Pattern;

/**
 * The path of a request with what varies collapsed: {@code /orders/17/items/3f2a...?x=y} is {@code /orders/{id}/items/{id}}.
 * Numbers, UUIDs, long hexadecimal, long or encoded segments vary.
 */
final class PathTemplate {
    private static final int DEEPEST = 6;
    private static final int LONGEST_SEGMENT = 30;
    private static final String VARIES = "{id}";
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9._~@!$'()*+,;=:-]+");
    private static final Pattern ID = Pattern.compile(
            "\\d[\\d.,:_-]*|[0-9a-fA-F]{16,}|[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}|(?=.*\\d)[A-Za-z0-9_-]{20,}");

    private PathTemplate() {}

    static String of(String target) {
        var path = pathOf(target);
        var template = new StringBuilder();
        var segments = 0;
        for (var segment : path.split("/")) {
            if (segment.isEmpty()) {
                continue;
            }
            if (++segments > DEEPEST) {
                return template.append("/*").toString();
            }
            template.append('/').append(varies(segment) ? VARIES : segment);
        }
        return template.isEmpty() ? "/" : template.toString();
    }

    private static String pathOf(String target) {
        var end = target.length();
        for (var i = 0; i < end; i++) {
            if (target.charAt(i) == '?' || target.charAt(i) == '#') {
                end = i;
            }
        }
        var scheme = target.indexOf("://");
        if (!target.startsWith("/") && scheme > 0 && scheme < end) {
            var slash = target.indexOf('/', scheme + 3);
            return slash < 0 || slash > end ? "/" : target.substring(slash, end);
        }
        return target.substring(0, end);
    }

    private static boolean varies(String segment) {
        return segment.length() > LONGEST_SEGMENT
                || !PLAIN.matcher(segment).matches()
                || ID.matcher(segment).matches();
    }
}
