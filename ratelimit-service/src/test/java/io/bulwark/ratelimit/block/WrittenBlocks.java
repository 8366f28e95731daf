package io.bulwark.ratelimit.block;

import io.quarkus.narayana.jta.QuarkusTransaction;

/** Blocks that a test has written to the database, for there are too many to be placed. */
public final class WrittenBlocks {
    private static final int TRANSACTION_SECONDS = 120;

    private WrittenBlocks() {}

    /** Reads them as a replica does that starts. */
    public static void load(BlockFeed feed) {
        QuarkusTransaction.requiringNew().timeout(TRANSACTION_SECONDS).run(feed::load);
    }
}
