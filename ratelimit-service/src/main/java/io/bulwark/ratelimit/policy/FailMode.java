package io.bulwark.ratelimit.policy;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What an endpoint's clients are told while no decision is possible; it goes before what the gateway's registration says. */
public enum FailMode {
    /** They are served: a catalogue. */
    @JsonProperty("open")
    OPEN,
    /** They are refused: a login. */
    @JsonProperty("closed")
    CLOSED
}
