package io.bulwark.ratelimit.limit;

import org.jspecify.annotations.Nullable;

/**
 * How the replicas divide each small limit, and which part is this one's. Immutable.
 *
 * <p>When replicas come or go, nobody knows yet what the others have just used, and an even part of what is left is not the
 * same everywhere. So there is a time between: until each has said that it knows of the change, and with that what it used
 * before, nobody uses more than its new part would be if the others had used up all they had. What each does use then is
 * less than it is given at the end, and no limit is exceeded.
 *
 * @param members how many divide; where it is one, nothing is divided
 * @param position of this replica among them; negative where it has no part
 * @param since when this began
 * @param known up to when the others know what was used here; nothing while they have not agreed
 * @param before what was in force before, while not all have agreed
 */
record Division(
        int members,
        int position,
        long since,
        long known,
        @Nullable Division before) {
    /** One alone has the whole. */
    static final Division WHOLE = new Division(1, 0, 0, 0, null);

    /** What all have agreed on. */
    static Division agreed(int members, int position, long since, long known) {
        return members == 1 ? WHOLE : new Division(members, position, since, known, null);
    }

    /** From now on, until it is agreed on. */
    Division changing(int newMembers, int newPosition, long now) {
        return new Division(newMembers, newPosition, now, now, this);
    }

    boolean isWhole() {
        return members == 1 && before == null;
    }

    /** How much may come here at once, once it is agreed on: the sum over all members is the burst. */
    long burst(Limit limit, long key) {
        if (position < 0) {
            return 0;
        }
        // who gets one more is another member for each key
        var turn = (position + (int) (key & 0xFFFF)) % members;
        return limit.burst() / members + (turn < limit.burst() % members ? 1 : 0);
    }

    /** How much may come at once where the most may: what costs more passes nowhere. */
    long largestBurst(Limit limit) {
        return Math.ceilDiv(limit.burst(), members);
    }

    /** Nanoseconds until one more may come here, on average; what is used while they have not agreed counts as many times. */
    long interval(Limit limit) {
        return Limit.times(before == null ? limit.interval() : before.interval(limit), members);
    }

    /** Nanoseconds that the theoretical arrival time of this part may be ahead of the clock. */
    long tolerance(Limit limit, long key) {
        if (before == null) {
            return Limit.times(burst(limit, key), interval(limit));
        }
        // burst - (the limit - what was left) / members, in units of the interval
        var more = burst(limit, key) * members - limit.burst();
        var unit = before.interval(limit);
        var tolerance = before.tolerance(limit, key);
        return more < 0
                ? Math.max(0, tolerance - Limit.times(-more, unit))
                : tolerance + Math.min(Limit.times(more, unit), Long.MAX_VALUE - tolerance);
    }

    /**
     * How much this part of a limit that is counted by sliding logs has left.
     *
     * @param log of the key, with what was admitted here
     * @param upTo what was admitted here later is not looked at
     */
    long left(Limit limit, long key, UsedLog log, long upTo) {
        if (isWhole()) {
            return limit.burst() - log.anywhere(upTo);
        }
        if (before == null) {
            var heard = log.anywhere(since) - log.here(known, since);
            return burst(limit, key) - Math.ceilDiv(heard, members) - log.here(known, upTo);
        }
        var left = before.left(limit, key, log, since);
        return Math.floorDiv(burst(limit, key) * members - limit.burst() + left, members) - log.here(since, upTo);
    }

    /** What the log of a key says of the window that ends now. */
    interface UsedLog {
        /** What was admitted, by any replica, up to this time. */
        long anywhere(long upTo);

        /** What was admitted here, after one time and up to the other. */
        long here(long after, long upTo);
    }
}
