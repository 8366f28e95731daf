package io.bulwark.ratelimit.posture;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What a posture does to decisions. */
public enum PostureMode {
    /** Nothing. */
    @JsonProperty("normal")
    NORMAL,
    /** Every limit, of a policy and of a domain of Envoy, is there by a part only. */
    @JsonProperty("elevated")
    ELEVATED,
    /** Only who is on the allowlist or whom the gateway knows is served. */
    @JsonProperty("lockdown")
    LOCKDOWN,
    /** Nobody is served but who is on the allowlist. */
    @JsonProperty("maintenance")
    MAINTENANCE
}
