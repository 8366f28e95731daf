package io.bulwark.ratelimit.forwardauth;

import io.bulwark.ratelimit.decision.Question;

/** What a request counts for, as {@code cost=5} in the query says. */
final class Cost {
    private static final String NAME = "cost=";
    private static final int DIGITS = 7;

    private Cost() {}

    /** {@link Question#USUAL_COST} where the query does not say, or says something else than a number up to seven digits. */
    static long of(String query) {
        if (!query.startsWith(NAME) || query.length() == NAME.length() || query.length() > NAME.length() + DIGITS) {
            return Question.USUAL_COST;
        }
        var cost = 0L;
        for (var i = NAME.length(); i < query.length(); i++) {
            var digit = query.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                return Question.USUAL_COST;
            }
            cost = 10 * cost + digit;
        }
        return cost;
    }
}
