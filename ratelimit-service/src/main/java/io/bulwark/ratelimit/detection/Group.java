package io.bulwark.ratelimit.detection;

import io.bulwark.kit.net.Network;

/**
 * What counts together.
 *
 * @param policy its name
 * @param subject a place, a network, or the digest of an account's name
 */
record Group(String policy, String application, String subject) {
    /** So many locks are enough for accounts and networks, of which one batch may name hundreds. */
    private static final int LOCKS = 128;

    static Group of(CountPolicy policy, String application, Network place) {
        return new Group(policy.name(), application, place.toString());
    }

    /** Whoever decides about it holds this. */
    String lock() {
        return policy + " " + application + " " + subject;
    }

    /** The same, shared with others. */
    String sharedLock() {
        return policy + " " + Math.floorMod((application + " " + subject).hashCode(), LOCKS);
    }
}
