package io.bulwark.ratelimit.crowdsec;

import io.bulwark.kit.net.Network;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a list holds: each network once, in order, so that nothing but the networks takes memory. */
final class Entries {
    static final Entries NONE = new Entries(List.of());

    private final List<Network> networks;

    /** In which there are networks, of 128 bits; the longest first. */
    private final int[] lengths;

    private Entries(List<Network> networks) {
        this.networks = networks;
        this.lengths = networks.stream()
                .mapToInt(network -> -network.bits())
                .distinct()
                .sorted()
                .map(negative -> -negative)
                .toArray();
    }

    /** @param networks each once; kept as it is where it is in order */
    static Entries of(List<Network> networks) {
        for (var i = 1; i < networks.size(); i++) {
            if (networks.get(i - 1).compareTo(networks.get(i)) > 0) {
                return new Entries(networks.stream().sorted().toList());
            }
        }
        return new Entries(networks);
    }

    List<Network> networks() {
        return networks;
    }

    int size() {
        return networks.size();
    }

    boolean isEmpty() {
        return networks.isEmpty();
    }

    boolean isSame(Entries other) {
        return networks.equals(other.networks);
    }

    boolean contains(Network network) {
        return Collections.binarySearch(networks, network) >= 0;
    }

    /** Those that the whole network is part of, the most specific first. */
    List<Network> around(Network network) {
        var around = new ArrayList<Network>(2);
        for (var length : lengths) {
            var wider = length <= network.bits() ? widened(network, length) : null;
            if (wider != null && contains(wider)) {
                around.add(wider);
            }
        }
        return around;
    }

    /** Those that have their addresses in the network's; of the widest of IPv6 also those of IPv4. */
    List<Network> within(Network network) {
        var last = network.last();
        var end = contains(last) ? 1 : 0;
        return networks.subList(firstNotBefore(network), firstNotBefore(last) + end);
    }

    private int firstNotBefore(Network network) {
        var found = Collections.binarySearch(networks, network);
        return found < 0 ? -found - 1 : found;
    }

    List<Network> without(Entries others) {
        var gone = new HashSet<>(others.networks);
        return networks.stream().filter(network -> !gone.contains(network)).toList();
    }

    /** Null where IPv4 has no network of that length. */
    private static @Nullable Network widened(Network network, int length) {
        var beyond = network.bits() - network.prefixLength();
        return length < beyond ? null : network.masked(length - beyond);
    }
}
