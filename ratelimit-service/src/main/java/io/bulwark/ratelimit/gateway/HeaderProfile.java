package io.bulwark.ratelimit.gateway;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Which fields tell a client what it has left. */
public enum HeaderProfile {
    /** {@code RateLimit-Policy} and {@code RateLimit} of draft-ietf-httpapi-ratelimit-headers-11. */
    @JsonProperty("ietf")
    IETF,
    /** {@code X-RateLimit-Limit}, {@code -Remaining} and {@code -Reset}, the last in seconds from now. */
    @JsonProperty("x-ratelimit")
    X_RATELIMIT,
    /** {@code RateLimit-Limit}, {@code -Remaining} and {@code -Reset} of the draft's versions before 07, in seconds from now. */
    @JsonProperty("ratelimit-legacy")
    RATELIMIT_LEGACY,
    /** None; {@code Retry-After} stays. */
    @JsonProperty("none")
    NONE
}
