package io.bulwark.ratelimit.crowdsec;

import io.bulwark.ratelimit.block.KnownBlock;
import io.bulwark.ratelimit.block.Remediation;
import io.bulwark.ratelimit.geo.GeoBlock;

/** What bouncers filter by: who decided, and why. */
final class Origins {
    /** Decided by a detection policy. */
    static final String DETECTED = "bulwark";

    /** Decided by a person. */
    static final String MANUAL = "bulwark-manual";

    /** Of a subscribed list, as theirs are; the scenario is the list's name. */
    static final String LISTED = "lists";

    /** Of a decision that had ended before this replica learnt of it. */
    static final Terms UNKNOWN = new Terms(DETECTED, DETECTED + "/ended", Remediation.BAN.word());

    private Origins() {}

    static Terms ofList(String name) {
        return new Terms(LISTED, name, Remediation.BAN.word());
    }

    static Terms of(GeoBlock block) {
        var type = Remediation.BAN.word();
        return new Terms(MANUAL, "manual '" + type + "': " + block.reason(), type);
    }

    static Terms of(KnownBlock block) {
        var policy = block.policy();
        var type = block.remediation().word();
        return policy == null
                ? new Terms(MANUAL, "manual '" + type + "': " + block.reason(), type)
                : new Terms(DETECTED, DETECTED + "/" + policy, type);
    }
}
