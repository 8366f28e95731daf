package io.bulwark.kit.net;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * An IPv4 or IPv6 address or network in CIDR notation (RFC 4632, RFC 4291). Parsed strictly, without DNS: no octal, no
 * missing octets, no zone, no host bits below the prefix. IPv4-mapped IPv6 is IPv4, and so is what a translator makes of it
 * ({@code 64:ff9b::/96}, RFC 6052): all clients behind one would else be one /64. So are the addresses that come with an
 * IPv4 address ({@code 2002::/16}, 6to4, RFC 3056): whoever is blocked there would else be somebody else. Prints in the
 * canonical form of RFC 5952, an address without its prefix length.
 *
 * <p>In order of their first addresses, a network before its parts. A set of those whose hashes somebody chose to be equal
 * needs that order to stay quick.
 */
public final class Network implements Comparable<Network> {
    /** Bits of the network that an IPv6 client has to itself: a household or a rented server is given a /64 at least. */
    public static final int V6_CLIENT = 64;

    /** Bits of the network that an IPv6 site is given at most, with 65,536 such clients in it. */
    public static final int V6_SITE = 48;

    private static final int MAX_TEXT = 49;
    private static final int V4_BITS = 32;
    private static final int V6_BITS = 128;
    private static final int MAPPED_BITS = V6_BITS - V4_BITS;

    /** The first 64 bits of {@code 64:ff9b::/96}. */
    private static final long TRANSLATED = 0x0064_ff9bL << V4_BITS;

    /** The first 16 bits of {@code 2002::/16}; the next 32 are IPv4. */
    private static final long SIX_TO_FOUR = 0x2002;

    private static final int SIX_TO_FOUR_BITS = 16;

    private final long high;
    private final long low;
    private final int bits;

    /** @param bits shared by all its addresses, of the 128 that {@link #high} and {@link #low} hold */
    private Network(long high, long low, int bits) {
        this.high = high;
        this.low = low;
        this.bits = bits;
    }

    /** @throws IllegalArgumentException where the text is no address and no network */
    @JsonCreator
    public static Network parse(String text) {
        if (text.isEmpty() || text.length() > MAX_TEXT) {
            throw AddressText.malformed();
        }
        var slash = text.indexOf('/');
        var address = address(text, slash < 0 ? text.length() : slash);
        return (slash < 0 ? address : address.network(text, slash)).withoutSixToFour();
    }

    /** @throws IllegalArgumentException where the text is not one address without a prefix length */
    public static Network parseAddress(String text) {
        var address = parse(text);
        if (!address.isAddress() || text.indexOf('/') >= 0) {
            throw new IllegalArgumentException("is a network, not an address");
        }
        return address;
    }

    private static Network address(String text, int end) {
        if (text.lastIndexOf(':', end - 1) < 0) {
            return new Network(0, AddressText.MAPPED | AddressText.ipv4(text, 0, end), V6_BITS);
        }
        var halves = AddressText.ipv6(text.substring(0, end));
        return of(halves[0], halves[1]);
    }

    private static Network of(long high, long low) {
        return high == TRANSLATED && low >>> V4_BITS == 0
                ? new Network(0, AddressText.MAPPED | low, V6_BITS)
                : new Network(high, low, V6_BITS);
    }

    /** The IPv4 that it came with, where it is 6to4. */
    private Network withoutSixToFour() {
        return isSixToFour() && bits > SIX_TO_FOUR_BITS
                ? new Network(
                        0,
                        AddressText.MAPPED | high << SIX_TO_FOUR_BITS >>> V4_BITS,
                        Math.min(bits - SIX_TO_FOUR_BITS + MAPPED_BITS, V6_BITS))
                : this;
    }

    private boolean isSixToFour() {
        return high >>> Long.SIZE - SIX_TO_FOUR_BITS == SIX_TO_FOUR;
    }

    private Network network(String text, int slash) {
        var prefix = AddressText.decimal(text, slash + 1, text.length(), V6_BITS);
        var isIpv4Text = text.lastIndexOf(':', slash) < 0;
        if (isIpv4Text) {
            prefix += MAPPED_BITS;
        }
        // all of IPv4 is 0.0.0.0/0 and nothing else: who writes 64:ff9b::/96 means what comes from a translator
        if (prefix > V6_BITS
                || !isIpv4Text && !isIpv6() && prefix <= MAPPED_BITS
                || isSixToFour() && prefix == SIX_TO_FOUR_BITS) {
            throw new IllegalArgumentException("has an impossible prefix length");
        }
        var network = cut(prefix);
        if (network.high != high || network.low != low) {
            throw new IllegalArgumentException("has bits set below its prefix length; did you mean " + network + "?");
        }
        return network;
    }

    /** @param bytes 4 or 16 in network order; IPv4-mapped and translated IPv4 and 6to4 become IPv4 */
    public static Network of(byte[] bytes) {
        var buffer = ByteBuffer.wrap(bytes);
        return switch (bytes.length) {
            case V4_BITS / Byte.SIZE ->
                new Network(0, AddressText.MAPPED | Integer.toUnsignedLong(buffer.getInt()), V6_BITS);
            case V6_BITS / Byte.SIZE -> of(buffer.getLong(), buffer.getLong()).withoutSixToFour();
            default -> throw new IllegalArgumentException("An address has 4 or 16 bytes, not " + bytes.length);
        };
    }

    public boolean isIpv6() {
        return high != 0 || low >>> V4_BITS != AddressText.MAPPED >>> V4_BITS || bits < MAPPED_BITS;
    }

    /** True for one address, false for a network of several. */
    public boolean isAddress() {
        return bits == V6_BITS;
    }

    /** Bits that all its addresses share: 0 to 32, or to 128 for IPv6. */
    public int prefixLength() {
        return isIpv6() ? bits : bits - MAPPED_BITS;
    }

    /** The first 64 of the 128 bits of its first address, in which IPv4 stands as {@code ::ffff:a.b.c.d}. */
    public long high() {
        return high;
    }

    /** The last 64 of the 128 bits of its first address, in which IPv4 stands as {@code ::ffff:a.b.c.d}. */
    public long low() {
        return low;
    }

    /** Bits that all its addresses share, of the 128 of {@link #high} and {@link #low}: a /24 of IPv4 is 120 here. */
    public int bits() {
        return bits;
    }

    /** The first address, 4 or 16 bytes in network order. */
    public byte[] bytes() {
        return isIpv6()
                ? ByteBuffer.allocate(V6_BITS / Byte.SIZE)
                        .putLong(high)
                        .putLong(low)
                        .array()
                : ByteBuffer.allocate(V4_BITS / Byte.SIZE).putInt((int) low).array();
    }

    /** The network of this prefix length around it; itself where it is already that wide. */
    public Network masked(int length) {
        return cut(isIpv6() ? length : length + MAPPED_BITS);
    }

    /** What counts as one client: an IPv4 address as it is, the /64 of an IPv6 one. Itself where it is wider than that. */
    public Network clientNetwork() {
        return isIpv6() ? cut(V6_CLIENT) : this;
    }

    /**
     * The two networks that it is made of.
     *
     * @throws IllegalStateException for an address
     */
    public List<Network> halves() {
        if (isAddress()) {
            throw new IllegalStateException(this + " has no halves");
        }
        var half = bits + 1;
        var upper = new Network(high | highMask(half) ^ highMask(bits), low | lowMask(half) ^ lowMask(bits), half);
        return List.of(new Network(high, low, half), upper);
    }

    /** Its last address; itself where it is one. */
    public Network last() {
        return new Network(high | ~highMask(bits), low | ~lowMask(bits), V6_BITS);
    }

    private Network cut(int length) {
        return length >= bits ? this : new Network(high & highMask(length), low & lowMask(length), length);
    }

    /** The first 64 bits of a mask that keeps {@code length} of 128 bits. */
    public static long highMask(int length) {
        return length >= Long.SIZE ? -1 : length <= 0 ? 0 : -1L << (Long.SIZE - length);
    }

    /** The last 64 bits of a mask that keeps {@code length} of 128 bits. */
    public static long lowMask(int length) {
        return length >= V6_BITS ? -1 : length <= Long.SIZE ? 0 : -1L << (V6_BITS - length);
    }

    /** True where every address of the other is one of this; never across IPv4 and IPv6. */
    public boolean contains(Network other) {
        return other.bits >= bits
                && (other.high & highMask(bits)) == high
                && (other.low & lowMask(bits)) == low
                && isIpv6() == other.isIpv6();
    }

    /** 127.0.0.0/8 or ::1. */
    public boolean isLoopback() {
        return high == 0 && (isIpv6() ? low == 1 : (int) low >>> 24 == 127);
    }

    @Override
    public int compareTo(Network other) {
        if (high != other.high) {
            return Long.compareUnsigned(high, other.high);
        }
        return low != other.low ? Long.compareUnsigned(low, other.low) : Integer.compare(bits, other.bits);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Network network && bits == network.bits && low == network.low && high == network.high;
    }

    @Override
    public int hashCode() {
        return 31 * Long.hashCode(high * 31 + low) + bits;
    }

    @Override
    @JsonValue
    public String toString() {
        var address = isIpv6() ? AddressText.ipv6(high, low) : AddressText.ipv4((int) low);
        return isAddress() ? address : address + "/" + prefixLength();
    }
}
