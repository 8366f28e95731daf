package io.bulwark.audit.verification;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.bulwark.audit.verification.Findings.Finding;
import java.time.Instant;
import java.util.List;

/**
 * What one reading of the whole log found.
 *
 * @param size how many entries the log has, as the head says, or as they are counted where it cannot be read
 * @param root of the tree, in hex, as the head says, or as the entries add up where it cannot be read
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
