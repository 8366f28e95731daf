package io.bulwark.ratelimit.crowdsec;

import io.bulwark.kit.net.Network;
import java.util.ArrayList;
import java.util.List;

/**
 * Whom an application's allowlist serves. A bouncer knows no exceptions within a range, so that ranges of lists are handed out
 * in the parts that nobody is served in.
 */
record Allowed(List<Network> networks) {
    /** Those that are left of the ranges. */
    List<Network> takenFrom(List<Network> ranges) {
        if (networks.isEmpty()) {
            return ranges;
        }
        var left = new ArrayList<Network>(ranges.size());
        ranges.forEach(range -> take(range, networks, left));
        return left;
    }

    private static void take(Network range, List<Network> allowed, List<Network> left) {
        var inside = new ArrayList<Network>(0);
        for (var one : allowed) {
            if (one.contains(range)) {
                return;
            }
            if (range.contains(one)) {
                inside.add(one);
            }
        }
        if (inside.isEmpty()) {
            left.add(range);
        } else {
            var half = range.prefixLength() + 1;
            take(Network.of(range.bytes()).masked(half), inside, left);
            take(range.last().masked(half), inside, left);
        }
    }
}
