package io.bulwark.ratelimit.decision;

/**
 * What a request counts for, as the gateway's configuration says: behind the endpoint in the path, and not in the query, for
 * Caddy hands its client's on.
 */
public final class Cost {
    private static final int MOST_DIGITS = 7;

    private Cost() {}

    /** {@link Question#USUAL_COST} where from there on stands something else than a number of up to seven digits. */
    public static long of(String text, int from) {
        var digits = text.length() - from;
        if (digits < 1 || digits > MOST_DIGITS) {
            return Question.USUAL_COST;
        }
        var cost = 0L;
        for (var i = from; i < text.length(); i++) {
            var digit = text.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                return Question.USUAL_COST;
            }
            cost = 10 * cost + digit;
        }
        return cost;
    }
}
