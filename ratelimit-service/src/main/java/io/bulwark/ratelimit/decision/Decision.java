package io.bulwark.ratelimit.decision;

import io.bulwark.ratelimit.block.Remediation;
import io.bulwark.ratelimit.gateway.Undecided;
import io.bulwark.ratelimit.policy.FailMode;
import io.bulwark.ratelimit.prefix.Scope;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What the gateway is to do.
 *
 * @param retryAfterSeconds when asking again may help; 0 where it is allowed, or where it never will
 * @param standing how much is left of the limit that is closest; null where none applies
 * @param failMode of an undecided one: what the endpoint's policy says; null where it says nothing
 * @param statusPage where clients read why the application is closed to them; null where that was not written down
 * @param reference by which a refusal is found again; null for what is none
 */
public record Decision(
        Outcome outcome,
        long retryAfterSeconds,
        @Nullable Standing standing,
        @Nullable FailMode failMode,
        @Nullable String statusPage,
        @Nullable Reference reference) {
    private static final int MAX_JITTER_SECONDS = 60;
    private static final int JITTER_SHARE = 8;

    public static final Decision ALLOWED = new Decision(Outcome.ALLOWED, 0, null, null, null, null);

    public static Decision refused(Outcome outcome, long retryAfterSeconds) {
        return new Decision(outcome, retryAfterSeconds, null, null, null, null);
    }

    /** @param failMode null where the endpoint's policy says nothing */
    public static Decision undecided(@Nullable FailMode failMode) {
        return new Decision(Outcome.UNAVAILABLE, 1, null, failMode, null, null);
    }

    /** The same, to be found again where it is a refusal, and to come back from at another time than others. */
    Decision referring(Question question, long nowMillis) {
        var client = question.client().hashCode();
        return Outcome.REFUSALS.contains(outcome)
                ? new Decision(
                        outcome,
                        spread(retryAfterSeconds, client),
                        standing == null ? null : standing.spread(client),
                        failMode,
                        statusPage,
                        new Reference(
                                outcome,
                                Instant.ofEpochMilli(nowMillis),
                                question.client(),
                                new Scope(question.application(), question.endpoint())))
                : this;
    }

    /** What the gateway is to do with whom a block stops; null where it is no block that stops it. */
    public @Nullable Remediation remediation() {
        return switch (outcome) {
            case BLOCKED -> Remediation.BAN;
            case CHALLENGED -> Remediation.CAPTCHA;
            default -> null;
        };
    }

    public boolean allowed() {
        return outcome == Outcome.ALLOWED;
    }

    /** Whether a request is served about which nobody can decide: as the endpoint's policy says, or else the gateway. */
    public boolean isServedUndecided(Undecided gateway) {
        return failMode == null ? gateway == Undecided.SERVE : failMode == FailMode.OPEN;
    }

    /**
     * Later by up to an eighth and a minute at most, so that those who were refused together do not return together; the
     * same for one client, which learns nothing by asking again. Never earlier, and 0 where there is no time to return.
     *
     * @param client a hash of what it is known by
     */
    public static long spread(long seconds, int client) {
        if (seconds == 0) {
            return 0;
        }
        var most = Math.clamp(seconds / JITTER_SHARE, 1, MAX_JITTER_SECONDS);
        var mixed = client * 0x9E3779B97F4A7C15L;
        return seconds + Long.remainderUnsigned(mixed >>> 32, most + 1L);
    }
}
