package io.bulwark.ratelimit.limit;

import java.util.List;
import java.util.Queue;
import java.util.SortedMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * What is counted here, as it is told to other replicas and taken over from them. Telling is for one thread, hearing for
 * one other.
 */
public final class UsageLedger {
    /** How far apart the clocks of two replicas may be for what they tell to mean the same. */
    static final long CLOCK_TOLERANCE = TimeUnit.SECONDS.toNanos(10);

    private static final long FARTHEST = 2 * Limit.LONGEST.toNanos();
    private static final int MOST_RESETS = 65_536;

    private final CellTable rates;
    private final Shares shares;
    private final Changes rateChanges;
    private final LogsByLimit logs;
    private final Stripes stripes;
    private final LongSupplier nanoClock;
    private final Queue<Long> resets = new LinkedBlockingQueue<>(MOST_RESETS);
    private final long[] times = new long[(int) Limit.LOG_LARGEST];
    private int logTurn;

    UsageLedger(CellTable rates, Shares shares, LogsByLimit logs, Stripes stripes, LongSupplier nanoClock) {
        this.rates = rates;
        this.shares = shares;
        this.rateChanges = new Changes(rates, stripes);
        this.logs = logs;
        this.stripes = stripes;
        this.nanoClock = nanoClock;
    }

    /** An arrival time has moved; the caller holds the stripe. */
    void charged(int cell, long key, long charge) {
        var untold = rates.get(cell, CellTable.CHANGED);
        rates.set(cell, CellTable.CHANGED, untold + charge);
        if (untold == 0 && charge != 0) {
            rateChanges.note(key);
        }
    }

    void forgotten(long key) {
        resets.offer(key);
    }

    /** Now, by the clock of the counters. */
    public long now() {
        return nanoClock.getAsLong();
    }

    /**
     * Tells what was counted here since the last time, until there is no more, or no more room; the rest comes next time.
     *
     * @return whether there was room for all logs
     */
    public boolean tellChanges(Usage to) {
        return tell(to, Long.MIN_VALUE);
    }

    /** The same for nobody but oneself after a restart: what is over until then, no limit will ask for again. */
    public boolean tellLasting(Usage to) {
        return tell(to, now());
    }

    private boolean tell(Usage to, long over) {
        while (!to.isFull()) {
            var reset = resets.poll();
            if (reset == null) {
                break;
            }
            to.reset(reset);
        }
        var isComplete = tellLogs(to);
        rateChanges.tell(
                cell -> {
                    if (rates.get(cell, CellTable.LIVE_UNTIL) > over) {
                        to.consumed(rates.get(cell, CellTable.KEY), rates.get(cell, CellTable.CHANGED));
                    }
                },
                to::isFull);
        return isComplete;
    }

    /** Begins behind the one that left no room the last time, or the others would not be told of while it is busy. */
    private boolean tellLogs(Usage to) {
        var all = List.copyOf(logs.all());
        for (var i = 0; i < all.size() && !to.isHalfFull(); i++) {
            var log = all.get(Math.floorMod(logTurn++, all.size()));
            log.changes().tell(cell -> log.tell(cell, times, to), to::isHalfFull);
        }
        return !to.isHalfFull();
    }

    /** Into how many parts {@link #tellStanding} divides all that is known. */
    public int parts() {
        return rates.regions()
                + logs.all().stream().mapToInt(SlidingLogs::regions).sum();
    }

    /** Tells of every live key of this part; there has to be room. */
    public void tellStanding(int part, Usage to) {
        var region = part;
        if (region < rates.regions()) {
            tellRates(region, to);
            return;
        }
        region -= rates.regions();
        for (var log : logs.all()) {
            if (region < log.regions()) {
                log.tellRegion(region, now(), times, to);
                return;
            }
            region -= log.regions();
        }
    }

    /** Takes in what another replica tells while it happens, as if it happened now: whatever the other's clock says. */
    public Usage hearing() {
        return new Heard(now(), false);
    }

    /**
     * Other replicas than before divide each small limit, and have not agreed on it yet.
     *
     * @param members how many divide
     * @param position of this one among them
     */
    public void change(int members, int position) {
        shares.change(members, position, nanoClock);
    }

    /**
     * From now on this replica has its share of each small limit, as all have agreed.
     *
     * @param members how many divide; where it is one, it has the whole
     * @param position of this one among them; negative where it has no share
     * @param known up to when all have heard what was counted here
     * @param unread what was told here and has perhaps not been heard by all: nanoseconds of charge by key, keys in
     *     unsigned order
     */
    public void split(int members, int position, long known, SortedMap<Long, Long> unread) {
        shares.split(Division.agreed(members, position, now(), known), unread);
    }

    /** Takes in what was told before this replica began, everything that was known then too. */
    public Usage recalling(long sentAt) {
        return new Heard(Math.min(sentAt, now()), true);
    }

    private void tellRates(int region, Usage to) {
        var now = now();
        var start = rates.start(region);
        var stripe = rates.stripe(region);
        stripes.lock(stripe);
        try {
            for (var i = 0; i < rates.slots(); i++) {
                var cell = start + i * rates.width();
                var arrival = rates.get(cell, CellTable.LIVE_UNTIL);
                if (rates.get(cell, CellTable.KEY) != 0 && arrival > now) {
                    // without what is told apart later, which would count twice
                    to.standing(rates.get(cell, CellTable.KEY), arrival - rates.get(cell, CellTable.CHANGED));
                }
            }
        } finally {
            stripes.unlock(stripe);
        }
    }

    private final class Heard implements Usage {
        private final long sentAt;
        private final boolean recalled;

        Heard(long sentAt, boolean recalled) {
            this.sentAt = sentAt;
            this.recalled = recalled;
        }

        @Override
        public void consumed(long key, long charge) {
            if (charge > 0) {
                advance(key, sentAt, charge);
            }
        }

        /** Only after a restart: one who runs has counted it all, and knows of resets that the teller may not have heard of. */
        @Override
        public void standing(long key, long arrival) {
            if (recalled) {
                advance(key, arrival, 0);
            }
        }

        @Override
        public void reset(long key) {
            var stripe = Stripes.of(key);
            stripes.lock(stripe);
            try {
                rates.forget(key);
                shares.logs().forget(key);
                logs.forget(key);
            } finally {
                stripes.unlock(stripe);
            }
        }

        @Override
        public void logged(long limit, int quota, long windowNanos, long key, long[] admissions, int count) {
            var stripe = Stripes.of(key);
            stripes.lock(stripe);
            try {
                var log = logs.of(limit, quota, windowNanos);
                if (log != null) {
                    log.merge(key, admissions, count, now());
                }
            } finally {
                stripes.unlock(stripe);
            }
        }

        @Override
        public boolean isFull() {
            return false;
        }

        @Override
        public boolean isHalfFull() {
            return false;
        }

        private void advance(long key, long from, long charge) {
            var now = now();
            var latest = now + FARTHEST;
            var stripe = Stripes.of(key);
            stripes.lock(stripe);
            try {
                var cell = rates.find(key);
                var known = cell == CellTable.NONE ? 0 : rates.get(cell, CellTable.LIVE_UNTIL);
                var begin = Math.min(latest, Math.max(known, from));
                var arrival = charge > latest - begin ? latest : begin + charge;
                if (arrival <= now) {
                    return;
                }
                cell = rates.take(key, now);
                if (cell != CellTable.NONE) {
                    rates.set(cell, CellTable.LIVE_UNTIL, arrival);
                }
            } finally {
                stripes.unlock(stripe);
            }
        }
    }
}
