package io.bulwark.ratelimit.decision;

import java.util.EnumSet;
import java.util.Set;

/** What a gateway's question came to; a label of the counter. */
public enum Outcome {
    ALLOWED,
    BLOCKED,
    /** Blocked, but whoever solves a captcha may be let through by a gateway that has one. */
    CHALLENGED,
    /** A limit is reached. */
    LIMITED,
    /** The application serves only whom it knows, for now. */
    LOCKDOWN,
    /** The application serves nobody, for now. */
    MAINTENANCE,
    /** No key and no token, or a wrong one. */
    UNAUTHENTICATED,
    /** A token that is no gateway's. */
    FORBIDDEN,
    /** The gateway did not say whose request it is. */
    NO_CLIENT_ADDRESS,
    /** No such endpoint can be. */
    INVALID,
    /** The blocks or the rules, or the keys that tokens are checked with, are not there yet. */
    UNAVAILABLE;

    /** What a client is told that is not to be served. */
    static final Set<Outcome> REFUSALS = EnumSet.of(BLOCKED, CHALLENGED, LIMITED, LOCKDOWN, MAINTENANCE);
}
