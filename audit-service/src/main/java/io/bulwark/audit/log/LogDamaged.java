package io.bulwark.audit.log;

import io.bulwark.kit.problem.Problem;

/**
 * Somebody changed the log behind its back, so that nothing can be proved from it, or appended to it: Kafka keeps the
 * events. By RFC 9162 a 503 tells clients that the log fails, not their question, which they may ask again later; when it
 * will be repaired nobody knows, so there is no {@code Retry-After}.
 */
public final class LogDamaged extends Problem {
    private static final long serialVersionUID = 1L;

    private final String how;

    LogDamaged(String how) {
        super(503, "log-damaged", "The audit log was damaged, and a verification tells all of it: " + how);
        this.how = how;
    }

    public String how() {
        return how;
    }
}
