package io.bulwark.ratelimit.gateway;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * What a gateway is told while no decision is possible: this replica has just begun and does not know the blocks yet. Envoy's
 * rate limits do not ask for it: there the call fails, and its {@code failure_mode_deny} decides.
 */
public enum Undecided {
    /** 503, over gRPC UNAVAILABLE: the gateway's own setting for an absent service applies. */
    @JsonProperty("refuse")
    REFUSE,
    /** 200 with {@code X-Bulwark-Undecided: true}: the client is served without a decision. */
    @JsonProperty("serve")
    SERVE
}
