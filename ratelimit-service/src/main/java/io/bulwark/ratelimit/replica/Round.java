package io.bulwark.ratelimit.replica;

import io.bulwark.ratelimit.limit.UsageLedger;
import java.time.Duration;

/** Tells all that is known again and again, evenly over time, so that nobody has to read the topic from its beginning. */
final class Round {
    /** Bytes. */
    private static final int MOST_OF_BATCH = UsageWriter.MOST / 4;

    private final UsageLedger ledger;
    private final long length;
    private long beganAt;
    private long beganFrom;
    private long neededFrom;
    private int part;
    private boolean complete = true;

    /** @param neededFrom where this replica began to read */
    Round(UsageLedger ledger, Duration length, long neededFrom, long now) {
        this.ledger = ledger;
        this.length = length.toNanos();
        this.neededFrom = neededFrom;
        this.beganAt = now - this.length;
    }

    /** From this offset on, the topic tells all that is known here. */
    long neededFrom() {
        return neededFrom;
    }

    /**
     * Tells as much as is due, where that is not too large a part of a batch: changes have to be told too.
     *
     * @param applied the offset up to which everything has been taken in
     */
    void tell(UsageWriter to, long applied, long now) {
        if (complete && now - beganAt >= length) {
            beganAt = now;
            beganFrom = applied;
            part = 0;
            complete = false;
        }
        var parts = ledger.parts();
        var due = Math.min(parts, (long) ((double) (now - beganAt) / length * parts) + 1);
        while (part < due && to.size() < MOST_OF_BATCH) {
            ledger.tellStanding(part, to);
            part++;
        }
        if (!complete && part >= parts) {
            complete = true;
            neededFrom = beganFrom;
        }
    }
}
