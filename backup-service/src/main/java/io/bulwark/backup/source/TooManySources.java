package io.bulwark.backup.source;

import io.bulwark.kit.problem.Problem;

final class TooManySources extends Problem {
    private static final long serialVersionUID = 1L;

    TooManySources(int limit) {
        super(409, "too-many-sources", "No more than " + limit + " sources can be registered");
        with("limit", limit);
    }
}
