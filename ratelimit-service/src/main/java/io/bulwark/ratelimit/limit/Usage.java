package io.bulwark.ratelimit.limit;

/**
 * Told, entry by entry, what has been counted: by one replica to the others, and to itself after a restart. Keys are those
 * of {@link Limits#key}; times are nanoseconds since 1970.
 */
public interface Usage {
    /** @param charge nanoseconds by which its theoretical arrival time has moved since the key was last spoken of */
    void consumed(long key, long charge);

    /** All that is known of a key. */
    void standing(long key, long arrival);

    /** The whole limit was given back. */
    void reset(long key);

    /**
     * All that is known of a key of a sliding log.
     *
     * @param limit the limit's id
     * @param quota of the limit, at most {@link Limit#LOG_LARGEST}
     * @param windowNanos of the limit
     * @param times of admissions, ascending; only read during the call
     * @param count how many of them there are
     */
    void logged(long limit, int quota, long windowNanos, long key, long[] times, int count);

    /** Whether there is no room for what the keys of one more region have to tell. */
    boolean isFull();

    /** Whether half of the room is used: logs take no more, or nothing would be left for what is counted otherwise. */
    boolean isHalfFull();
}
