package io.bulwark.ratelimit.policy;

import io.bulwark.kit.net.Network;
import io.bulwark.kit.problem.Problem;
import io.bulwark.ratelimit.limit.Limit;
import io.bulwark.ratelimit.limit.Limits;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Of whom a limit counts, such as {@code ["address"]}, {@code ["address", "credential"]} or {@code ["descriptor:tenant"]};
 * of everybody together where nothing is said.
 *
 * @param place by which part of the address
 * @param descriptors names of what else, in their order; a request that lacks one counts together with all that lack it
 */
record CountedBy(Place place, List<String> descriptors) {
    /** The client's {@code Authorization}. */
    static final String CREDENTIAL = "Authorization";

    private static final String DESCRIPTOR = "descriptor:";

    /** Which part of the address. */
    enum Place {
        NOWHERE(0, 0),
        /** One IPv4 address, or the /64 that one IPv6 client is given. */
        ADDRESS(128, Network.V6_CLIENT),
        /** A /24 of IPv4, a /48 of IPv6: one site. */
        NETWORK(120, Network.V6_SITE);

        private final int ipv4Bits;
        private final int ipv6Bits;

        Place(int ipv4Bits, int ipv6Bits) {
            this.ipv4Bits = ipv4Bits;
            this.ipv6Bits = ipv6Bits;
        }

        long key(Limits limits, Limit limit, Network client) {
            var bits = client.isIpv6() ? ipv6Bits : ipv4Bits;
            return limits.key(limit, client.high() & Network.highMask(bits), client.low() & Network.lowMask(bits));
        }
    }

    /** @throws Problem 422 where a part is none, or one stands there twice */
    static CountedBy of(List<String> parts) {
        var place = Place.NOWHERE;
        var descriptors = new ArrayList<String>();
        for (var part : parts) {
            if (part.equals("address") || part.equals("network")) {
                if (place != Place.NOWHERE) {
                    throw Problem.invalid("limits.key", "names the address twice");
                }
                place = Place.valueOf(part.toUpperCase(Locale.ROOT));
            } else {
                descriptors.add(descriptor(part));
            }
        }
        if (descriptors.stream().distinct().count() < descriptors.size()) {
            throw Problem.invalid("limits.key", "names a descriptor twice");
        }
        return new CountedBy(place, List.copyOf(descriptors));
    }

    private static String descriptor(String part) {
        if (part.equals("credential")) {
            return CREDENTIAL;
        }
        if (part.startsWith(DESCRIPTOR) && part.length() > DESCRIPTOR.length()) {
            return part.substring(DESCRIPTOR.length());
        }
        throw Problem.invalid("limits.key", "is of address, network, credential and descriptor:<name>, not " + part);
    }

    /** The same by another part of the address. */
    CountedBy by(Place other) {
        return new CountedBy(other, descriptors);
    }

    /**
     * Whether this is all that it counts by; never where it counts everybody together, which is nobody's own count.
     *
     * @param hasAddress whether the client's is known
     */
    boolean isTold(boolean hasAddress, Descriptors request) {
        if (place == Place.NOWHERE ? descriptors.isEmpty() : !hasAddress) {
            return false;
        }
        return descriptors.stream().allMatch(name -> request.value(name) != null);
    }

    long key(Limits limits, Limit limit, Network client, Descriptors request) {
        var key = place.key(limits, limit, client);
        for (var i = 0; i < descriptors.size(); i++) {
            var value = request.value(descriptors.get(i));
            key = limits.narrowed(key, value == null ? "" : value);
        }
        return key;
    }
}
