package io.bulwark.ratelimit.block;

/** Told of every block by {@link BlockFeed}, on whatever thread and in no promised order: the version tells what is newer. */
public interface BlockWatcher {
    /** It stood in the database when this replica started, or is read once more, where news may have been missed. */
    void loaded(KnownBlock block);

    /** It has just begun, was changed, or ended. */
    void changed(KnownBlock block);

    /** How many it holds, ended ones among them. */
    int held();
}
