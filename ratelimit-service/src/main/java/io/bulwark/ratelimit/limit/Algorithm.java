package io.bulwark.ratelimit.limit;

import com.fasterxml.jackson.annotation.JsonProperty;

/** How a limit counts. */
public enum Algorithm {
    /**
     * The generic cell rate algorithm (ITU-T I.371), in its virtual scheduling form: one theoretical arrival time per key.
     * In any time t it admits at most {@code burst + t * quota / window}.
     */
    @JsonProperty("gcra")
    GCRA,

    /** Remembers when each request was admitted: in no window of time, wherever it begins, are there more than the quota. */
    @JsonProperty("sliding-log")
    SLIDING_LOG
}
