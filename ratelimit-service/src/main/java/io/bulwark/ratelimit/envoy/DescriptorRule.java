package io.bulwark.ratelimit.envoy;

import io.bulwark.ratelimit.limit.Algorithm;
import io.bulwark.ratelimit.limit.Limit;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a configuration says of descriptors that end here.
 *
 * @param limit null where it is unlimited
 * @param unit null where it is unlimited
 * @param quota whether it refuses only together with all others of the request that are quotas
 * @param name as answered; empty for none
 * @param shown what clients are told that it refuses: its name, or else the keys of what it counts
 * @param replaces names of the limits that do not apply beside this one
 */
record DescriptorRule(
        @Nullable Limit limit,
        @Nullable LimitUnit unit,
        boolean quota,
        String name,
        String shown,
        List<String> replaces) {

    /** What a string of a structured field cannot hold, or not without escapes (RFC 9651, section 3.3.3). */
    private static final Pattern IN_NO_NAME = Pattern.compile("[^ -~]|[\"\\\\]");

    /**
     * @param path of the rule in its domain, so that counts go on where a configuration is read again
     * @param keys of the descriptors that end here
     */
    static DescriptorRule limited(
            List<String> path,
            List<String> keys,
            long requests,
            LimitUnit unit,
            String name,
            List<String> replaces,
            boolean shadow,
            boolean quota) {
        var id = Limit.idOf(path.toArray(String[]::new));
        var text = name.isEmpty() ? String.join(".", path) : name;
        // the whole of a unit's requests may come at once, as in a fixed window
        var limit = new Limit(id, text, requests, unit.window(), requests, Algorithm.GCRA, shadow, false);
        var shown = IN_NO_NAME
                .matcher(name.isEmpty() ? String.join(".", keys) : name)
                .replaceAll("?");
        return new DescriptorRule(limit, unit, quota, name, shown, replaces);
    }

    /** The same, with so much of its limit; what is counted goes on. */
    DescriptorRule times(double factor) {
        return limit == null || factor == 1
                ? this
                : new DescriptorRule(limit.times(factor), unit, quota, name, shown, replaces);
    }

    static DescriptorRule unlimited(String name, List<String> replaces) {
        return new DescriptorRule(null, null, false, name, "", replaces);
    }
}
