package io.bulwark.ratelimit.crowdsec;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.vertx.core.json.Json;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Why something is decided, and what is to be done. A ledger keeps equal ones once. */
final class Terms {
    private final String origin;
    private final String scenario;
    private final String type;
    private volatile byte @Nullable [] json;

    Terms(String origin, String scenario, String type) {
        this.origin = origin;
        this.scenario = scenario;
        this.type = type;
    }

    String origin() {
        return origin;
    }

    String scenario() {
        return scenario;
    }

    String type() {
        return type;
    }

    /** The middle of a decision's JSON, up to its scope; made when it is first told. */
    byte[] json() {
        var made = json;
        if (made == null) {
            made = (",\"origin\":" + Json.encode(origin) + ",\"scenario\":" + Json.encode(scenario) + ",\"scope\":\"")
                    .getBytes(UTF_8);
            json = made;
        }
        return made;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Terms terms
                && origin.equals(terms.origin)
                && Objects.equals(scenario, terms.scenario)
                && type.equals(terms.type);
    }

    @Override
    public int hashCode() {
        return Objects.hash(origin, scenario, type);
    }
}
