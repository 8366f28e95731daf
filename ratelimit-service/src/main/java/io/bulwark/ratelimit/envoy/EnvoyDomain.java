package io.bulwark.ratelimit.envoy;

import java.time.Instant;

/**
 * The limits of a domain for the gateways of one application.
 *
 * @param yaml as envoyproxy/ratelimit reads it, and as it was written
 * @param version higher with every change, and where it was removed and made anew
 * @param changedBy a user or client id
 */
record EnvoyDomain(String application, String domain, String yaml, long version, Instant changedAt, String changedBy) {}
