package io.bulwark.ratelimit.policy;

/**
 * How much an address has left of a limit, for people who ask why.
 *
 * @param endpoint {@code *} for every one without a policy of its own
 * @param resetSeconds until all of it is there again
 * @param over whether a request that does not say what it costs would find too little
 */
public record LimitState(
        String endpoint, String name, long limit, long remaining, long resetSeconds, boolean shadow, boolean over) {

    boolean refuses() {
        return over && !shadow;
    }
}
