package io.bulwark.ratelimit.prefix;

import io.bulwark.kit.net.Network;
import java.util.Optional;

/** No rule is meant for so many addresses, unless a person insists. */
public final class WidePrefix {
    private static final int V4_WIDEST = 8;
    private static final int V6_WIDEST = 19;

    private WidePrefix() {}

    /** What is wrong with it; empty where it is narrow enough. */
    public static Optional<String> danger(Network target) {
        var widest = target.isIpv6() ? V6_WIDEST : V4_WIDEST;
        return target.prefixLength() < widest ? Optional.of("is wider than /" + widest) : Optional.empty();
    }
}
