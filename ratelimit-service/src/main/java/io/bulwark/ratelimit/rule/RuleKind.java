package io.bulwark.ratelimit.rule;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** What rules there are. */
public enum RuleKind {
    POLICY,
    POSTURE,
    ALLOWANCE,
    BLOCKLIST,
    GEO_BLOCK,
    ENVOY_DOMAIN,
    GATEWAY;

    /** Its name in events. */
    public String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Empty for one that a newer replica knows. */
    static Optional<RuleKind> of(String word) {
        return Arrays.stream(values()).filter(kind -> kind.word().equals(word)).findFirst();
    }
}
