package io.bulwark.ratelimit.crowdsec;

import io.bulwark.kit.net.Network;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Whom an application's allowlist serves. A bouncer knows no exceptions within a range, so that ranges are handed out in the
 * parts that nobody is served in.
 */
final class Allowed {
    static final Allowed NOBODY = new Allowed(Set.of());

    private final Entries clients;

    Allowed(Set<Network> clients) {
        this.clients = Entries.of(List.copyOf(clients));
    }

    /** What is left of the ranges. */
    List<Network> takenFrom(List<Network> ranges) {
        if (clients.isEmpty()) {
            return ranges;
        }
        var left = new ArrayList<Network>(ranges.size());
        ranges.forEach(range -> takeFrom(range, left));
        return left;
    }

    private void takeFrom(Network range, List<Network> left) {
        if (clients.around(range).isEmpty()) {
            take(clients.within(range), range, left);
        }
    }

    private static void take(List<Network> allowed, Network range, List<Network> left) {
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
            for (var half : range.halves()) {
                if (half.isIpv6() == range.isIpv6()) { // else it is all of IPv4, which is in no range of IPv6
                    take(inside, half, left);
                }
            }
        }
    }
}
