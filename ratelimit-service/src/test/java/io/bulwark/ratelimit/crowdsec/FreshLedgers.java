package io.bulwark.ratelimit.crowdsec;

import io.bulwark.ratelimit.block.BlockWatcher;
import java.time.InstantSource;

/** What a replica that starts hands out to bouncers: nothing yet. */
public final class FreshLedgers {
    private FreshLedgers() {}

    public static BlockWatcher make() {
        return new Ledgers(Shop.config(), InstantSource.system());
    }
}
