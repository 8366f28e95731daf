package io.bulwark.ratelimit.blocklist;

import io.bulwark.kit.net.Network;
import java.util.List;
import java.util.stream.Stream;

/**
 * Addresses that are nobody's on the internet (IANA's special-purpose registries): of this machine, this house, or none.
 * Those of documentation are left out: nothing stands behind them.
 */
final class SpecialNetworks {
    private static final List<Network> ALL = Stream.of(
                    "0.0.0.0/8",
                    "10.0.0.0/8",
                    "100.64.0.0/10",
                    "127.0.0.0/8",
                    "169.254.0.0/16",
                    "172.16.0.0/12",
                    "192.0.0.0/24",
                    "192.168.0.0/16",
                    "198.18.0.0/15",
                    "224.0.0.0/3",
                    "::/96",
                    "64:ff9b:1::/48",
                    "100::/64",
                    "2001::/32",
                    "fc00::/7",
                    "fe80::/10",
                    "fec0::/10",
                    "ff00::/8")
            .map(Network::parse)
            .toList();

    private SpecialNetworks() {}

    /**
     * Whether any of its addresses is such a one. What carries IPv4 inside IPv6 is, for it may lead back here; what a
     * translator makes of IPv4 ({@code 64:ff9b::/96}) and 6to4 are the IPv4 that they carry.
     */
    static boolean touch(Network network) {
        return ALL.stream().anyMatch(special -> special.contains(network) || network.contains(special));
    }
}
