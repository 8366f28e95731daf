package io.bulwark.ratelimit.limit;

/**
 * SipHash-1-3 (Aumasson and Bernstein, 2012; the rounds that hash tables use): keyed by a secret, so that nobody outside
 * can choose keys that meet in one cell or in one region of the table.
 */
final class KeyHash {
    private static final long V0 = 0x736f6d6570736575L;
    private static final long V1 = 0x646f72616e646f6dL;
    private static final long V2 = 0x6c7967656e657261L;
    private static final long V3 = 0x7465646279746573L;
    /** Of the message: three, and one with its length. */
    private static final int WORDS = 4;

    private static final int FINAL_ROUNDS = 3;

    /** Of a text that make a word. */
    private static final int CHARACTERS = 4;

    private final long k0;
    private final long k1;

    KeyHash(long k0, long k1) {
        this.k0 = k0;
        this.k1 = k1;
    }

    /** Never 0, which marks an empty cell. */
    long of(long first, long second, long third) {
        var v0 = k0 ^ V0;
        var v1 = k1 ^ V1;
        var v2 = k0 ^ V2;
        var v3 = k1 ^ V3;
        for (var word = 0; word < WORDS + FINAL_ROUNDS; word++) {
            var m = switch (word) {
                case 0 -> first;
                case 1 -> second;
                case 2 -> third;
                case 3 -> 24L << 56; // the length, in the last word
                default -> 0;
            };
            v3 ^= m;
            v2 ^= word == WORDS ? 0xFF : 0;
            v0 += v1;
            v2 += v3;
            v1 = Long.rotateLeft(v1, 13) ^ v0;
            v3 = Long.rotateLeft(v3, 16) ^ v2;
            v0 = Long.rotateLeft(v0, 32);
            v2 += v1;
            v0 += v3;
            v1 = Long.rotateLeft(v1, 17) ^ v2;
            v3 = Long.rotateLeft(v3, 21) ^ v0;
            v2 = Long.rotateLeft(v2, 32);
            v0 ^= m;
        }
        var hash = v0 ^ v1 ^ v2 ^ v3;
        return hash == 0 ? 1 : hash;
    }

    /** Of a text, eight characters at a time. */
    long of(long first, CharSequence text) {
        var hash = of(first, text.length(), 0);
        for (var at = 0; at < text.length(); at += 2 * CHARACTERS) {
            hash = of(hash, word(text, at), word(text, at + CHARACTERS));
        }
        return hash;
    }

    /** 0 behind the end. */
    private static long word(CharSequence text, int at) {
        var word = 0L;
        for (var i = at; i < Math.min(at + CHARACTERS, text.length()); i++) {
            word = word << Character.SIZE | text.charAt(i);
        }
        return word;
    }
}
