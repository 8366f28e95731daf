package io.bulwark.audit.merkle;

import io.bulwark.kit.hash.Sha256;
import java.util.Arrays;
import java.util.HexFormat;

/** A SHA-256 value of the tree: of a leaf, of a subtree, or of all of it (RFC 9162, section 2.1.1). */
public final class Hash {
    public static final int LENGTH = 32;

    /** The root of a tree without leaves. */
    public static final Hash EMPTY_TREE = new Hash(Sha256.digest().digest());

    private static final byte LEAF = 0;
    private static final byte NODE = 1;

    private final byte[] bytes;

    private Hash(byte[] bytes) {
        this.bytes = bytes;
    }

    /** @throws IllegalArgumentException unless it is {@value #LENGTH} bytes long */
    public static Hash of(byte[] bytes) {
        if (bytes.length != LENGTH) {
            throw new IllegalArgumentException("A hash has " + LENGTH + " bytes, not " + bytes.length);
        }
        return new Hash(bytes.clone());
    }

    public static Hash ofLeaf(byte[] data) {
        var digest = Sha256.digest();
        digest.update(LEAF);
        return new Hash(digest.digest(data));
    }

    public static Hash ofChildren(Hash left, Hash right) {
        var digest = Sha256.digest();
        digest.update(NODE);
        digest.update(left.bytes);
        return new Hash(digest.digest(right.bytes));
    }

    public byte[] bytes() {
        return bytes.clone();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Hash hash && Arrays.equals(bytes, hash.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    /** In hex. */
    @Override
    public String toString() {
        return HexFormat.of().formatHex(bytes);
    }
}
