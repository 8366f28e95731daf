package io.bulwark.ratelimit.blocklist;

import io.bulwark.kit.hash.Sha256;
import io.bulwark.kit.net.Network;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;

/** What a list holds: each network once, in order, so that the same list is the same bytes. */
record NetworkList(List<Network> networks) {
    private static final int BYTES = 17;
    private static final int MAPPED_BITS = 96;

    static NetworkList of(Collection<Network> networks) {
        return new NetworkList(networks.stream().distinct().sorted().toList());
    }

    static NetworkList decode(byte[] encoded) {
        var networks = new Network[encoded.length / BYTES];
        for (var i = 0; i < networks.length; i++) {
            var at = i * BYTES;
            var address = Network.of(Arrays.copyOfRange(encoded, at, at + BYTES - 1));
            var bits = Byte.toUnsignedInt(encoded[at + BYTES - 1]);
            networks[i] = address.masked(address.isIpv6() ? bits : bits - MAPPED_BITS);
        }
        return new NetworkList(List.of(networks));
    }

    byte[] encode() {
        var encoded = ByteBuffer.allocate(networks.size() * BYTES);
        for (var network : networks) {
            encoded.putLong(network.high()).putLong(network.low()).put((byte) network.bits());
        }
        return encoded.array();
    }

    /** In hex. */
    String sha256() {
        return Sha256.hex(encode());
    }
}
