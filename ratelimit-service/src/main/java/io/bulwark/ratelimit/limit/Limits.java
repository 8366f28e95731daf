package io.bulwark.ratelimit.limit;

import java.util.Collection;
import java.util.function.LongSupplier;

/**
 * Counts and decides. All limits of a request are consumed or none, but for what is owed, and of many requests at once exactly
 * as many pass as the limit has left. Times are nanoseconds since 1970, of a clock that does not run backwards.
 */
public final class Limits {
    private static final int SLOTS = 256;
    private static final int WORDS = 3;

    /** What a region has room for, though not all of them get as many. */
    private static final int KEYS_OF_REGION = SLOTS * 86 / 100;

    private final KeyHash hash;
    private final LongSupplier nanoClock;
    private final Stripes stripes = new Stripes();
    private final CellTable rates;
    private final Overflow overflow = new Overflow();
    private final LogsByLimit logs = new LogsByLimit(stripes);
    private final Shares shares;
    private final UsageLedger usage;

    /**
     * @param keys how many can be counted at once, of 29 bytes each, 38 where replicas divide limits; where there are more,
     *     some of the new ones are counted together
     * @param k0 half of the secret that all replicas share
     * @param k1 the other half
     */
    public Limits(int keys, long k0, long k1, LongSupplier nanoClock) {
        this.hash = new KeyHash(k0, k1);
        this.nanoClock = nanoClock;
        this.rates = new CellTable(SLOTS, Math.ceilDiv(Math.ceilDiv(keys, KEYS_OF_REGION), 1 << Stripes.BITS), WORDS);
        this.shares = new Shares(rates, stripes);
        this.usage = new UsageLedger(rates, shares, logs, stripes, nanoClock);
    }

    /** The key under which an address or network counts, as {@code Network.high()} and {@code low()} give it. */
    public long key(Limit limit, long high, long low) {
        return hash.of(limit.id(), high, low);
    }

    /** The key under which a text counts, a credential say; only its hash is kept. */
    public long key(Limit limit, CharSequence text) {
        return hash.of(limit.id(), text);
    }

    /** The key of a part of what the other key counts: the same address with this credential, say. */
    public long narrowed(long key, CharSequence text) {
        return hash.of(key, text);
    }

    /**
     * Consumes from all limits or from none, but what is owed, and writes the results into the claims.
     *
     * @return whether the request is admitted: no limit is over, other than those in shadow, or some of those that are lenient
     */
    public boolean consume(Claims claims) {
        lock(claims);
        try {
            var now = nanoClock.getAsLong(); // while locked, for its time says whether a log has told of an admission
            var admitted = true;
            var lenient = 0;
            var lenientOver = 0;
            for (var i = 0; i < claims.size(); i++) {
                var claim = claims.get(i);
                var refuses = examine(claim, now) && !claim.limit().shadow();
                if (claim.isLenient()) {
                    lenient++;
                    lenientOver += refuses ? 1 : 0;
                } else {
                    admitted &= !refuses;
                }
            }
            admitted &= lenient == 0 || lenientOver < lenient;
            for (var i = 0; i < claims.size(); i++) {
                var claim = claims.get(i);
                settle(claim, admitted, now);
                count(claim);
            }
            return admitted;
        } finally {
            unlock(claims);
        }
    }

    /** What is counted, to be shared with other replicas and kept over a restart. */
    public UsageLedger usage() {
        return usage;
    }

    /** Gives a key the whole limit again. */
    public void reset(Limit limit, long key) {
        var stripe = Stripes.of(key);
        stripes.lock(stripe);
        try {
            if (limit.algorithm() == Algorithm.SLIDING_LOG) {
                logsOf(limit).forget(key);
                shares.logs().forget(key);
            } else {
                rates.forget(key);
            }
            usage.forgotten(key);
        } finally {
            stripes.unlock(stripe);
        }
    }

    /**
     * From now on these are the exact limits, among others perhaps. What they have counted goes on, whatever they were;
     * what those counted that are exact no more is forgotten. By one thread, which holds no lock.
     */
    public void keepLogs(Collection<Limit> limits) {
        var now = nanoClock.getAsLong();
        var exact = limits.stream()
                .filter(limit -> limit.algorithm() == Algorithm.SLIDING_LOG)
                .toList();
        logs.keep(exact, now);
        shares.logs().keep(exact, now);
    }

    /** Keys that are being counted; walks the table, for metrics only. */
    public int tracked() {
        var now = nanoClock.getAsLong();
        return rates.live(now)
                + logs.all().stream().mapToInt(log -> log.live(now)).sum();
    }

    /** How often there was no room for a key, and it was counted together with others. */
    public long overflowed() {
        return overflow.count();
    }

    private boolean examine(Claim claim, long now) {
        var limit = claim.limit();
        var key = claim.key();
        if (limit.algorithm() == Algorithm.SLIDING_LOG) {
            var log = logsOf(limit);
            var cell = log.take(key, now);
            if (cell == CellTable.NONE) {
                return overflow.examine(claim, now);
            }
            if (log.examine(claim, cell, now)) {
                claim.exceed();
                return true;
            }
            return shares.divide(limit, key) && shares.logs().examine(claim, log, cell, now);
        }
        var cell = rates.take(key, now);
        if (cell == CellTable.NONE) {
            return overflow.examine(claim, now);
        }
        var latest = Gcra.latest(limit, now);
        if (rates.get(cell, CellTable.LIVE_UNTIL) > latest) {
            // counted by a limit that was slower, for which nobody is to wait now
            rates.set(cell, CellTable.LIVE_UNTIL, latest);
        }
        var arrival = Math.max(now, rates.get(cell, CellTable.LIVE_UNTIL));
        var divided = shares.divide(limit, key);
        var isOver = Gcra.examine(claim, divided ? arrival : claim.arrivalAfterEarlier(arrival), limit.interval(), now);
        if (isOver) {
            claim.exceed();
        }
        return divided ? shares.examine(claim, cell, now) : isOver;
    }

    private void settle(Claim claim, boolean admitted, long now) {
        var limit = claim.limit();
        var isOver = claim.isOver();
        var isCharged = claim.isOwed() || (admitted ? !isOver : isOver && limit.penalizes());
        if (claim.cost() == 0 || !isCharged) {
            return;
        }
        if (limit.algorithm() == Algorithm.SLIDING_LOG) {
            settleLog(claim, now);
        } else {
            settleRate(claim, now);
        }
    }

    /** What only looks is no request. */
    private static void count(Claim claim) {
        var tally = claim.limit().tally();
        if (tally != null && claim.cost() > 0) {
            tally.count(claim);
        }
    }

    private void settleLog(Claim claim, long now) {
        var limit = claim.limit();
        var key = claim.key();
        var log = logsOf(limit);
        var cell = log.take(key, now);
        if (cell == CellTable.NONE) {
            overflow.settle(claim, now);
            return;
        }
        log.settle(cell, claim.cost(), now);
        if (shares.divide(limit, key)) {
            shares.logs().settle(claim, now);
        }
        if (claim.isExceeded()) { // for longer now
            log.examine(claim, cell, now);
            claim.exceed();
        }
    }

    private void settleRate(Claim claim, long now) {
        var limit = claim.limit();
        var key = claim.key();
        var cell = rates.take(key, now);
        if (cell == CellTable.NONE) {
            overflow.settle(claim, now);
            return;
        }
        var before = Math.max(now, rates.get(cell, CellTable.LIVE_UNTIL));
        var after = Gcra.charged(claim, before, limit.interval(), now);
        rates.set(cell, CellTable.LIVE_UNTIL, after);
        usage.charged(cell, key, after - before);
        var waits = shares.divide(limit, key) ? shares.settle(claim, cell, now) : after - before;
        if (claim.isOver()) {
            claim.delay(waits);
        }
    }

    private SlidingLogs logsOf(Limit limit) {
        var known = limit.logs();
        if (known == null || !known.isOf(stripes) || known.isReplaced()) {
            known = logs.of(limit);
            limit.logs(known);
        }
        return known;
    }

    private void lock(Claims claims) {
        if (claims.size() == 1) {
            stripes.lock(Stripes.of(claims.get(0).key()));
            return;
        }
        for (var last = -1; ; ) {
            last = nextStripe(claims, last);
            if (last == Integer.MAX_VALUE) {
                return;
            }
            stripes.lock(last);
        }
    }

    private void unlock(Claims claims) {
        if (claims.size() == 1) {
            stripes.unlock(Stripes.of(claims.get(0).key()));
            return;
        }
        for (var last = nextStripe(claims, -1); last != Integer.MAX_VALUE; last = nextStripe(claims, last)) {
            stripes.unlock(last);
        }
    }

    private static int nextStripe(Claims claims, int after) {
        var next = Integer.MAX_VALUE;
        for (var i = 0; i < claims.size(); i++) {
            var stripe = Stripes.of(claims.get(i).key());
            if (stripe > after && stripe < next) {
                next = stripe;
            }
        }
        return next;
    }
}
