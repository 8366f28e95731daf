package io.bulwark.ratelimit.policy;

import java.time.Instant;

/**
 * What an endpoint of an application allows.
 *
 * @param endpoint {@link #ANY_ENDPOINT} for all that have none of their own, which then count together
 * @param version higher with every change, and where it was removed and made anew
 * @param changedBy a user or client id
 */
record Policy(String application, String endpoint, PolicyRule rule, long version, Instant changedAt, String changedBy) {
    /** Stands for every endpoint that has no policy of its own, and for requests that name none. */
    static final String ANY_ENDPOINT = "*";
}
