package io.bulwark.ratelimit.envoy;

import io.bulwark.kit.problem.ProblemBody;
import io.bulwark.ratelimit.decision.ResponseFields;

/** What goes with every problem that Envoy hands on to a client. */
final class ProblemFields {
    private ProblemFields() {}

    static void write(ResponseFields fields) {
        fields.put("content-type", ProblemBody.MEDIA_TYPE);
        fields.put("cache-control", "no-store");
    }
}
