package io.bulwark.ratelimit.gateway;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What a gateway is told while no decision is possible: this replica has just begun and does not know the blocks yet. */
public enum Undecided {
    /** 503: the gateway's own setting for an absent service applies. */
    @JsonProperty("refuse")
    REFUSE,
    /** 200 with {@code X-Bulwark-Undecided: true}: the client is served without a decision. */
    @JsonProperty("serve")
    SERVE
}
