package io.bulwark.ratelimit.crowdsec;

import io.bulwark.ratelimit.block.KnownBlock;
import io.bulwark.ratelimit.crowdsec.Decision.Terms;
import java.util.Set;

/** What bouncers filter by: who decided, and why. */
final class Origins {
    /** Decided by a detection policy. */
    static final String DETECTED = "bulwark";

    /** Decided by a person. */
    static final String MANUAL = "bulwark-manual";

    static final String BAN = "ban";
    static final String CAPTCHA = "captcha";

    /** Of a decision that had ended before this replica learnt of it. */
    static final Terms UNKNOWN = new Terms(DETECTED, DETECTED + "/ended", BAN);

    private Origins() {}

    static Terms of(KnownBlock block, Set<String> captchaPolicies) {
        var policy = block.policy();
        return policy == null
                ? new Terms(MANUAL, "manual 'ban': " + block.reason(), BAN)
                : new Terms(DETECTED, DETECTED + "/" + policy, captchaPolicies.contains(policy) ? CAPTCHA : BAN);
    }
}
