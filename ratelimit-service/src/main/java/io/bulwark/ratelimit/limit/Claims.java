package io.bulwark.ratelimit.limit;

import java.util.Arrays;

/** What one request asks of several limits, and what came of it. For one thread at a time; made once and used again. */
public final class Claims {
    /** More limits than that do not apply to one request. */
    public static final int MOST = 64;

    private static final int FIRST = 8;

    private Claim[] claims = new Claim[FIRST];
    private int made;
    private int size;

    public void clear() {
        size = 0;
    }

    /**
     * @param key of whom; from {@link Limits#key}
     * @param cost how much; 0 only looks
     * @return until the next {@link #clear}, the claim
     * @throws IllegalArgumentException where there are more than {@link #MOST}, or the cost is negative
     */
    public Claim add(Limit limit, long key, long cost) {
        if (size == MOST || cost < 0) {
            throw new IllegalArgumentException(
                    "At most " + MOST + " limits apply to one request, at a cost of 0 or more");
        }
        if (size < made) {
            claims[size].ask(limit, key, cost);
        } else {
            make(limit, key, cost);
        }
        return claims[size++];
    }

    private void make(Limit limit, long key, long cost) {
        if (made == claims.length) {
            claims = Arrays.copyOf(claims, 2 * made);
        }
        claims[made] = new Claim(made == 0 ? null : claims[made - 1], limit, key, cost);
        made++;
    }

    public int size() {
        return size;
    }

    /** @param i 0 for the one that was added first */
    public Claim get(int i) {
        return claims[i];
    }
}
