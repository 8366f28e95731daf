package io.bulwark.ratelimit.block;

import java.time.Duration;
import java.time.Instant;

/**
 * How much longer a repeater is blocked.
 *
 * @param factor from one block to the next, 1 or more
 * @param ceiling no block grows beyond
 * @param memory how long after a block the next one still counts as repetition
 */
record EscalationPolicy(double factor, Duration ceiling, Duration memory) {
    static EscalationPolicy of(BlockConfig.Escalation config) {
        return new EscalationPolicy(config.factor(), config.ceiling(), config.memory());
    }

    /**
     * Which offence in a row this is.
     *
     * @param before offences known
     * @param lastUntil when the last block for them ends or ended
     */
    int count(int before, Instant lastUntil, Instant at) {
        return before > 0 && at.isBefore(lastUntil.plus(memory)) ? before + 1 : 1;
    }

    /** How long the block for this offence lasts, 1 being the first. */
    Duration duration(Duration first, int offences) {
        var millis = first.toMillis() * Math.pow(factor, offences - 1.0);
        if (offences == 1 || factor == 1 || first.compareTo(ceiling) >= 0) {
            return first;
        }
        return millis >= ceiling.toMillis() ? ceiling : Duration.ofMillis((long) millis);
    }
}
