package io.bulwark.ratelimit.prefix;

import io.bulwark.kit.net.Network;
import io.bulwark.kit.problem.Problem;
import java.util.List;
import java.util.Map;

/** The rule would do more harm than good; whoever means it says {@code "force": true}. */
public final class DangerousTarget extends Problem {
    private static final long serialVersionUID = 1L;

    public DangerousTarget(Network target, String danger) {
        super(422, "dangerous-target", target + " " + danger + "; send \"force\": true if you mean it");
        with("errors", List.of(Map.of("field", "target", "message", danger)));
    }
}
