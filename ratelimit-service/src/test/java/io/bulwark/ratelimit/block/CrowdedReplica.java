package io.bulwark.ratelimit.block;

import jakarta.inject.Singleton;

/** Holds as many blocks as a test says, so that it need not place them. */
@Singleton
public class CrowdedReplica implements BlockWatcher {
    private volatile int held;

    /** From now on there is no room for one more. */
    public void fill() {
        held = Integer.MAX_VALUE;
    }

    /** From now on there is room. */
    public void empty() {
        held = 0;
    }

    @Override
    public void loaded(KnownBlock block) {}

    @Override
    public void changed(KnownBlock block) {}

    @Override
    public int held() {
        return held;
    }
}
