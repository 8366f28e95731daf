package io.bulwark.ratelimit.policy;

/**
 * A limit of which somebody has all again.
 *
 * @param endpoint {@code *} for every one without a policy of its own
 */
record GivenBack(String endpoint, String name) {}
