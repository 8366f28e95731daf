package io.bulwark.ratelimit.block;

/** Told of every block by {@link BlockFeed}, on its thread and in no promised order: the version tells what is newer. */
public interface BlockWatcher {
    /** It stood in the database when this replica started, or once more when it had to start over. */
    void loaded(KnownBlock block);

    /** It has just begun, was changed, or ended. */
    void changed(KnownBlock block);
}
