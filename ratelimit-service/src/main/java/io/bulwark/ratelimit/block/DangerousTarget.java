package io.bulwark.ratelimit.block;

import io.bulwark.kit.net.Network;
import io.bulwark.kit.problem.Problem;
import java.util.List;
import java.util.Map;

/** Blocking it would do more harm than good; whoever means it says {@code "force": true}. */
final class DangerousTarget extends Problem {
    private static final long serialVersionUID = 1L;

    DangerousTarget(Network target, String danger) {
        super(422, "dangerous-target", target + " " + danger + "; send \"force\": true if you mean it");
        with("errors", List.of(Map.of("field", "target", "message", danger)));
    }
}
