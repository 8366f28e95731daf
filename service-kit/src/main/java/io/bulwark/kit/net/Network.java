package io.bulwark.kit.net;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;

/**
 * An IPv4 or IPv6 address or network in CIDR notation (RFC 4632, RFC 4291). Parsed strictly, without DNS: no octal, no
 * missing octets, no zone, no host bits below the prefix. IPv4-mapped IPv6 is IPv4. Prints in the canonical form of
 * RFC 5952, an address without its prefix length.
 */
public final class Network {
    private static final int MAX_TEXT = 49;
    private static final int V4_BITS = 32;
    private static final int V6_BITS = 128;
    private static final int MAPPED_BITS = V6_BITS - V4_BITS;

    private final byte[] bytes;
    private final int prefixLength;

    private Network(byte[] bytes, int prefixLength) {
        this.bytes = bytes;
        this.prefixLength = prefixLength;
    }

    /** @throws IllegalArgumentException where the text is no address and no network */
    @JsonCreator
    public static Network parse(String text) {
        if (text.isEmpty() || text.length() > MAX_TEXT) {
            throw new IllegalArgumentException("is no IP address or CIDR network");
        }
        var slash = text.indexOf('/');
        var address = AddressText.parse(slash < 0 ? text : text.substring(0, slash));
        if (slash < 0) {
            return new Network(address.bytes(), address.bytes().length * Byte.SIZE);
        }
        var prefix = AddressText.decimal(text, slash + 1, text.length(), V6_BITS);
        if (address.mapped()) {
            prefix -= MAPPED_BITS;
        }
        if (prefix < 0 || prefix > address.bytes().length * Byte.SIZE) {
            throw new IllegalArgumentException("has an impossible prefix length");
        }
        var network = new Network(address.bytes(), prefix);
        if (!Arrays.equals(network.masked(prefix).bytes, network.bytes)) {
            throw new IllegalArgumentException(
                    "has bits set below its prefix length; did you mean " + network.masked(prefix) + "?");
        }
        return network;
    }

    /** @param bytes 4 or 16 in network order; IPv4-mapped becomes IPv4 */
    public static Network of(byte[] bytes) {
        var plain = AddressText.unmapped(bytes.clone());
        return new Network(plain, plain.length * Byte.SIZE);
    }

    public boolean isIpv6() {
        return bytes.length == V6_BITS / Byte.SIZE;
    }

    /** True for one address, false for a network of several. */
    public boolean isAddress() {
        return prefixLength == bytes.length * Byte.SIZE;
    }

    /** Bits that all its addresses share: 0 to 32, or to 128 for IPv6. */
    public int prefixLength() {
        return prefixLength;
    }

    /** The first address, 4 or 16 bytes in network order. */
    public byte[] bytes() {
        return bytes.clone();
    }

    /** The network of this prefix length around it; itself where it is already that wide. */
    public Network masked(int length) {
        if (length > prefixLength) {
            return this;
        }
        var masked = bytes.clone();
        for (var i = 0; i < masked.length; i++) {
            var kept = Math.clamp(length - i * (long) Byte.SIZE, 0, Byte.SIZE);
            masked[i] &= (byte) (0xFF00 >> kept);
        }
        return new Network(masked, length);
    }

    /** True where every address of the other is one of this; never across IPv4 and IPv6. */
    public boolean contains(Network other) {
        return bytes.length == other.bytes.length
                && other.prefixLength >= prefixLength
                && Arrays.equals(other.masked(prefixLength).bytes, bytes);
    }

    /** 127.0.0.0/8 or ::1. */
    public boolean isLoopback() {
        if (!isIpv6()) {
            return bytes[0] == 127;
        }
        for (var i = 0; i < bytes.length - 1; i++) {
            if (bytes[i] != 0) {
                return false;
            }
        }
        return bytes[bytes.length - 1] == 1;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Network network
                && prefixLength == network.prefixLength
                && Arrays.equals(bytes, network.bytes);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(bytes) + prefixLength;
    }

    @Override
    @JsonValue
    public String toString() {
        var address = AddressText.print(bytes);
        return isAddress() ? address : address + "/" + prefixLength;
    }
}
