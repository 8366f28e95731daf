package io.bulwark.ratelimit.bulk;

import java.util.Set;

/** What an entry may say, by the names that stand in CSV headers and in JSON. */
final class Field {
    static final String TARGET = "target";
    static final String REASON = "reason";
    static final String DURATION = "duration";
    static final String UNTIL = "until";
    static final String ENDPOINT = "endpoint";
    static final String APPLICATION = "application";
    static final String REMEDIATION = "remediation";

    static final Set<String> ALL = Set.of(TARGET, REASON, DURATION, UNTIL, ENDPOINT, APPLICATION, REMEDIATION);

    private Field() {}
}
