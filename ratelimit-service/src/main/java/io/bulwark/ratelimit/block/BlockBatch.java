package io.bulwark.ratelimit.block;

import io.bulwark.kit.net.Network;
import io.bulwark.kit.outbox.Outbox;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import org.hibernate.Session;
import org.jspecify.annotations.Nullable;

/**
 * Places hundreds of blocks by two statements instead of two each; what comes of each is what {@link Blocks#place} makes of
 * it. Batches take the rows in the same order, so that two never wait for each other.
 */
@ApplicationScoped
public class BlockBatch {
    /** The outbox takes a lock per block, and the database has thousands for everybody together. */
    public static final int LARGEST = 500;

    private static final String INSERT = """
            insert into block (id, target, application, endpoint, reason, policy, author, remediation, offences,
                blocked_at, until, version)
            select id, cast(target as cidr), application, endpoint, reason, policy, author, remediation, 1,
                cast(blocked_at as timestamptz), cast(until as timestamptz), version
            from unnest(cast(? as uuid[]), cast(? as text[]), cast(? as text[]), cast(? as text[]), cast(? as text[]),
                cast(? as text[]), cast(? as text[]), cast(? as text[]), cast(? as text[]), cast(? as text[]),
                cast(? as bigint[]))
                as fresh (id, target, application, endpoint, reason, policy, author, remediation, blocked_at, until,
                    version)
            order by 2, 3, 4 on conflict do nothing returning id""";

    private static final String HOLD = """
            select block.* from block join unnest(cast(:targets as text[]), cast(:applications as text[]),
                cast(:endpoints as text[])) as wanted (target, application, endpoint)
            on block.target = cast(wanted.target as cidr) and block.application = wanted.application
                and block.endpoint is not distinct from wanted.endpoint
            order by block.target, block.application, block.endpoint for update of block""";

    private final Blocks blocks;
    private final Session entities;
    private final BlockRoom room;
    private final Outbox outbox;
    private final InstantSource clock;

    BlockBatch(Blocks blocks, Session entities, BlockRoom room, Outbox outbox, InstantSource clock) {
        this.blocks = blocks;
        this.entities = entities;
        this.room = room;
        this.outbox = outbox;
        this.clock = clock;
    }

    /** How many of the orders changed something, and how many found it as ordered. */
    public record Placed(int placed, int unchanged) {}

    private record Place(
            Network target, String application, @Nullable String endpoint) {
        static Place of(NewBlock order) {
            return new Place(
                    order.target(), order.scope().application(), order.scope().endpoint());
        }

        static Place of(Block block) {
            return new Place(block.target(), block.application(), block.endpoint());
        }
    }

    /**
     * Blocks in the caller's transaction, and announces what that changes.
     *
     * @param orders at most {@link #LARGEST}, none of which escalates
     * @throws BlocksFull where there is not room for all of them; then none is to be placed
     */
    public Placed place(List<NewBlock> orders) {
        var now = clock.instant();
        var left = room.left();
        var fresh = orders.stream().map(order -> new Block(order, 1, now)).toList();
        var begun = entities.doReturningWork(connection -> insert(connection, fresh));
        var held = hold(fresh.stream()
                .filter(block -> !begun.contains(block.id()))
                .map(Place::of)
                .toList());
        var again = held.values().stream().filter(block -> !block.isInForce(now));
        requireRoom(begun.size() + (int) again.count(), left);
        // first, because a place that is ordered twice may begin by the later order and be renewed by the earlier one
        for (var i = 0; i < orders.size(); i++) {
            if (begun.contains(fresh.get(i).id())) {
                announce(fresh.get(i), orders.get(i));
            }
        }
        var placed = begun.size();
        for (var i = 0; i < orders.size(); i++) {
            if (!begun.contains(fresh.get(i).id()) && renew(held.get(Place.of(orders.get(i))), orders.get(i))) {
                placed++;
            }
        }
        return new Placed(placed, orders.size() - placed);
    }

    private void requireRoom(int beginning, int left) {
        if (beginning > left) {
            room.refuse(beginning);
            throw new BlocksFull();
        }
    }

    private boolean renew(@Nullable Block block, NewBlock order) {
        if (block == null) { // pruned just then
            return blocks.place(order).isChanged();
        }
        var renewed = block.renew(order, 1, clock.instant());
        if (renewed) {
            announce(block, order);
        }
        return renewed;
    }

    private void announce(Block block, NewBlock order) {
        outbox.publish(block.blocked(), block.application(), order.at());
    }

    private Map<Place, Block> hold(List<Place> places) {
        var held = new HashMap<Place, Block>();
        if (places.isEmpty()) {
            return held;
        }
        entities.createNativeQuery(HOLD, Block.class)
                .setParameter("targets", texts(places, place -> place.target().toString()))
                .setParameter("applications", texts(places, Place::application))
                .setParameter("endpoints", texts(places, Place::endpoint))
                .getResultStream()
                .forEach(block -> held.put(Place.of(block), block));
        return held;
    }

    private static Set<UUID> insert(Connection connection, List<Block> fresh) throws SQLException {
        try (var insert = connection.prepareStatement(INSERT)) {
            var ids = fresh.stream().map(Block::id).toArray();
            var versions = fresh.stream().map(Block::version).toArray();
            insert.setArray(1, connection.createArrayOf("uuid", ids));
            var column = 2;
            for (var values : List.<Function<Block, @Nullable String>>of(
                    block -> block.target().toString(),
                    Block::application,
                    Block::endpoint,
                    Block::reason,
                    Block::policy,
                    Block::author,
                    block -> block.remediation().word(),
                    block -> block.blockedAt().toString(),
                    block -> block.until().toString())) {
                insert.setArray(column++, connection.createArrayOf("text", texts(fresh, values)));
            }
            insert.setArray(column, connection.createArrayOf("bigint", versions));
            var begun = new HashSet<UUID>();
            try (var rows = insert.executeQuery()) {
                while (rows.next()) {
                    begun.add(rows.getObject(1, UUID.class));
                }
            }
            return begun;
        }
    }

    private static <T> @Nullable String[] texts(List<T> of, Function<T, @Nullable String> text) {
        return of.stream().map(text).toArray(String[]::new);
    }
}
