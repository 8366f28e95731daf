package io.bulwark.ratelimit.block;

import io.bulwark.ratelimit.database.Database;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.arc.All;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.jboss.logging.Logger;

/**
 * How many blocks there is room for. Every replica holds all of them in memory: who could have ever more of them placed, a
 * botnet too, would end it, and with it every decision.
 */
@Singleton
class BlockRoom {
    private static final Logger LOG = Logger.getLogger(BlockRoom.class);

    /** Of one block in memory, where the table has just grown; bench/README.md says how it was measured. */
    private static final int BYTES = 400;

    /** Of the heap, for blocks. */
    private static final int SHARE = 5;

    /** So large a part is free before the next shortage is another one. */
    private static final int REFILL = 20;

    private static final Duration COUNTED_FOR = Duration.ofSeconds(1);

    private static final String IN_FORCE = "select count(*) from block where ended_at is null";

    private final BlockTable table;
    private final List<BlockWatcher> watchers;
    private final Database database;
    private final InstantSource clock;
    private final int most;
    private final Counter unplaced;
    private volatile Counted counted = new Counted(0, Instant.MIN);
    private volatile boolean full;

    BlockRoom(
            BlockTable table,
            @All List<BlockWatcher> watchers,
            Database database,
            BlockConfig config,
            InstantSource clock,
            MeterRegistry metrics) {
        this.table = table;
        this.watchers = watchers;
        this.database = database;
        this.clock = clock;
        this.most = config.maxBlocks()
                .orElse((int) Math.min(Runtime.getRuntime().maxMemory() / SHARE / BYTES, Integer.MAX_VALUE));
        this.unplaced = Counter.builder("ratelimit.blocks.unplaced")
                .description("Blocks for which there was no room")
                .register(metrics);
        Gauge.builder("ratelimit.blocks.most", this, room -> room.most)
                .description("Blocks that there is room for")
                .register(metrics);
    }

    private record Counted(int blocks, Instant at) {}

    /** How many more can be placed, as it was a second ago at most; what others place meanwhile is little. */
    int left() {
        var now = clock.instant();
        var known = counted;
        if (known.at().plus(COUNTED_FOR).isBefore(now)) {
            known = new Counted(inDatabase(), now);
            counted = known;
        }
        var held = watchers.stream().mapToInt(BlockWatcher::held).reduce(table.size(), Math::max);
        // what is placed is in memory once it was announced, which may take a while; what has ended is there for longer
        var left = Math.max(0, most - Math.max(known.blocks(), held));
        if (left > most / REFILL) {
            full = false;
        }
        return left;
    }

    private int inDatabase() {
        return database.query(IN_FORCE, row -> row.getInt(1)).getFirst();
    }

    /** Says so where a block finds no room: once, until there is some again. */
    void refuse(int blocks) {
        unplaced.increment(blocks);
        if (!full) {
            LOG.warnf(
                    "No room for more blocks: there are %d, and whoever should be blocked is not; end some, or raise"
                            + " bulwark.ratelimit.block.max-blocks and the heap",
                    most);
        }
        full = true;
    }
}
