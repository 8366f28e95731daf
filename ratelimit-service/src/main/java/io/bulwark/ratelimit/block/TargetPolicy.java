package io.bulwark.ratelimit.block;

import io.bulwark.kit.net.Network;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * What is not blocked unless a person insists: whatever would shut out the service's own house or half the internet.
 * Never blocked by detection or by an incident.
 */
@ApplicationScoped
public class TargetPolicy {
    private static final Network V4_LOOPBACK = Network.parse("127.0.0.0/8");
    private static final Network V6_LOOPBACK = Network.parse("::1");
    private static final int V4_WIDEST = 8;
    private static final int V6_WIDEST = 19;

    private final List<Network> trustedProxies;

    TargetPolicy(@ConfigProperty(name = "bulwark.trusted-proxies") Optional<List<String>> trustedProxies) {
        this.trustedProxies =
                trustedProxies.orElse(List.of()).stream().map(Network::parse).toList();
    }

    /** Why the target is too dangerous to block; empty where it is not. */
    public Optional<String> danger(Network target) {
        var widest = target.isIpv6() ? V6_WIDEST : V4_WIDEST;
        if (target.prefixLength() < widest) {
            return Optional.of("is wider than /" + widest);
        }
        if (overlap(target, V4_LOOPBACK) || overlap(target, V6_LOOPBACK)) {
            return Optional.of("holds loopback addresses");
        }
        return trustedProxies.stream()
                .filter(proxy -> overlap(target, proxy))
                .findFirst()
                .map(proxy -> "holds addresses of the trusted proxy " + proxy);
    }

    private static boolean overlap(Network one, Network other) {
        return one.contains(other) || other.contains(one);
    }
}
