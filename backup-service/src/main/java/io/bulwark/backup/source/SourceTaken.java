package io.bulwark.backup.source;

import io.bulwark.kit.problem.Problem;

final class SourceTaken extends Problem {
    private static final long serialVersionUID = 1L;

    SourceTaken(String name) {
        super(409, "source-taken", "A source named " + name + " is registered already");
    }
}
