package io.bulwark.ratelimit.block;

import io.bulwark.kit.net.Network;
import io.bulwark.ratelimit.allowlist.AllowTable;
import io.bulwark.ratelimit.gateway.GatewayKeys;
import io.bulwark.ratelimit.prefix.WidePrefix;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * What is not blocked unless a person insists: whatever would shut out the service's own house, somebody on the allowlist, or
 * half the internet. Never blocked by detection or by an incident.
 */
@ApplicationScoped
public class TargetPolicy {
    private static final Network V4_LOOPBACK = Network.parse("127.0.0.0/8");
    private static final Network V6_LOOPBACK = Network.parse("::1");

    private final List<Network> trustedProxies;
    private final Supplier<Stream<Network>> gateways;
    private final BiFunction<Network, String, Optional<String>> allowed;

    @Inject
    TargetPolicy(
            @ConfigProperty(name = "bulwark.trusted-proxies") Optional<List<String>> trustedProxies,
            GatewayKeys gateways,
            AllowTable allowlist) {
        this(trustedProxies.orElse(List.of()), gateways::ownAddresses, allowlist::overlapping);
    }

    /**
     * @param gateways what they and the proxies in front of them have themselves
     * @param allowed who of a network is on an application's allowlist
     */
    TargetPolicy(
            List<String> trustedProxies,
            Supplier<Stream<Network>> gateways,
            BiFunction<Network, String, Optional<String>> allowed) {
        this.trustedProxies = trustedProxies.stream().map(Network::parse).toList();
        this.gateways = gateways;
        this.allowed = allowed;
    }

    /** Why the target is too dangerous to block in this application; empty where it is not. */
    public Optional<String> danger(Network target, String application) {
        return danger(target)
                .or(() -> allowed.apply(target, application)
                        .map(allowance -> "holds addresses that the allowlist allows: " + allowance));
    }

    /** As {@link #danger(Network, String)}, whoever is on an allowlist. */
    public Optional<String> danger(Network target) {
        return WidePrefix.danger(target)
                .or(() -> overlap(target, V4_LOOPBACK) || overlap(target, V6_LOOPBACK)
                        ? Optional.of("holds loopback addresses")
                        : Optional.empty())
                .or(() -> overlapping(trustedProxies.stream(), target)
                        .map(proxy -> "holds addresses of the trusted proxy " + proxy))
                .or(() -> overlapping(gateways.get(), target)
                        .map(own -> "holds addresses that a gateway has itself: " + own));
    }

    private static Optional<Network> overlapping(Stream<Network> networks, Network target) {
        return networks.filter(network -> overlap(target, network)).findFirst();
    }

    private static boolean overlap(Network one, Network other) {
        return one.contains(other) || other.contains(one);
    }
}
