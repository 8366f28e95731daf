package io.bulwark.ratelimit.limit;

/** Gives keys the whole of a limit again, once the change that says so is certain. */
@FunctionalInterface
public interface Resets {
    void reset(Limit limit, long key);
}
