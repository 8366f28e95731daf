package io.bulwark.ratelimit.limit;

/** The generic cell rate algorithm (ITU-T I.371) over one theoretical arrival time. */
final class Gcra {
    private Gcra() {}

    /**
     * Writes what the limit says into the claim, and the arrival time that admitting it would lead to.
     *
     * @param arrival not before now
     * @param interval nanoseconds per unit of cost
     * @return whether the limit is over
     */
    static boolean examine(Claim claim, long arrival, long interval, long now) {
        var limit = claim.limit();
        return examine(claim, arrival, interval, limit.tolerance(), limit.burst(), now);
    }

    /**
     * The same, of a part of the limit.
     *
     * @param tolerance nanoseconds that the arrival time may be ahead
     * @param most what costs more will never pass
     */
    static boolean examine(Claim claim, long arrival, long interval, long tolerance, long most, long now) {
        var limit = claim.limit();
        var charge = Limit.times(claim.cost(), interval);
        var ahead = arrival - now;
        var room = tolerance - ahead;
        var isOver = limit.quota() == 0 || charge > room && (charge > 0 || room < 0);
        if (isOver) {
            var never = limit.quota() == 0 || claim.cost() > most;
            var retry = never ? Claim.NEVER : Math.max(charge - room, 1);
            claim.arrival(arrival);
            claim.result(true, limit.quota() == 0 ? 0 : left(limit, room, interval), ahead, retry);
        } else {
            claim.arrival(arrival + charge);
            claim.result(false, left(limit, room - charge, interval), ahead + charge, 0);
        }
        return isOver;
    }

    /**
     * The arrival time after a claim was charged, also for what was refused or is owed.
     *
     * @param interval nanoseconds per unit of cost
     */
    static long charged(Claim claim, long arrival, long interval, long now) {
        var charge = Limit.times(claim.cost(), interval);
        var latest = Math.max(arrival, latest(claim.limit(), now));
        return charge > latest - arrival ? latest : arrival + charge;
    }

    /** No arrival time is further ahead: twice the tolerance, so that debts and penalties end. */
    static long latest(Limit limit, long now) {
        return now + 2 * Math.min(limit.tolerance(), Long.MAX_VALUE / 4 - now / 2);
    }

    private static long left(Limit limit, long room, long interval) {
        return room <= 0 ? 0 : Math.min(room / interval, limit.burst());
    }
}
