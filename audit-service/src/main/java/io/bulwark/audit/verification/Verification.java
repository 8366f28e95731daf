package io.bulwark.audit.verification;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.bulwark.audit.verification.Findings.Finding;
import java.time.Instant;
import java.util.List;

/**
 * What one reading of the whole log found.
 *
 * @param root of the tree, in hex, as the head says
 * @param findingCount all of them; {@code findings} are the first {@value Findings#KEPT}
 */
record Verification(
        Instant startedAt,
        Instant finishedAt,
        String requestedBy,
        long size,
        String root,
        long findingCount,
        List<Finding> findings) {

    @JsonProperty
    boolean ok() {
        return findingCount == 0;
    }
}
