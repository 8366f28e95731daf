package io.bulwark.ratelimit.block;

import io.bulwark.events.BlockEvent;
import io.bulwark.events.Topic;
import io.bulwark.kit.net.Network;
import io.bulwark.kit.outbox.Outbox;
import io.bulwark.kit.page.TimePosition;
import io.bulwark.ratelimit.prefix.Scope;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.LockModeType;
import jakarta.persistence.TypedQuery;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.hibernate.Session;
import org.jspecify.annotations.Nullable;

/** All blocks. Whoever changes one holds its row until the change and its announcement commit. */
@ApplicationScoped
public class Blocks {
    /** Who ends what has run its time, and decides where no person does. */
    public static final String SERVICE = "ratelimit-service";

    /** How long an ended block is shown, and its key kept in the topic. */
    static final Duration KEPT = Duration.ofDays(7);

    private static final String INSERT = """
            insert into block (id, target, application, endpoint, reason, policy, author, remediation, offences,
                blocked_at, until, version)
            values (:id, cast(:target as cidr), :application, :endpoint, :reason, :policy, :author, :remediation,
                :offences, :blockedAt, :until, :version)
            on conflict do nothing""";

    private static final String ONE = """
             from Block where target = :target and application = :application
            and endpoint is not distinct from :endpoint""";

    private final Session entities;
    private final Offences offences;
    private final EscalationPolicy escalation;
    private final BlockRoom room;
    private final Outbox outbox;
    private final InstantSource clock;

    Blocks(
            Session entities,
            Offences offences,
            BlockConfig config,
            BlockRoom room,
            Outbox outbox,
            InstantSource clock) {
        this.entities = entities;
        this.offences = offences;
        this.escalation = EscalationPolicy.of(config.escalation());
        this.room = room;
        this.outbox = outbox;
        this.clock = clock;
    }

    /** What an order came to. */
    public enum Change {
        BEGUN,
        LENGTHENED,
        NONE,
        /** Nobody is blocked: there are too many blocks already. */
        NO_ROOM
    }

    /**
     * The block as it is now, and what became of it. It is in force, unless it ended after what was ordered or there was no
     * room for it.
     */
    public record Placed(Block block, Change change) {
        boolean isChanged() {
            return change == Change.BEGUN || change == Change.LENGTHENED;
        }
    }

    /**
     * Blocks, unless the target is blocked for as long already, and announces it. A detector's order does not undo an unblock
     * that it could not know of.
     */
    public Placed place(NewBlock order) {
        if (!order.escalates()) {
            return place(order, 1);
        }
        var known = offences.hold(order.target(), order.scope(), order.at());
        // what somebody does while blocked is part of what he is blocked for
        var goesOn = known.count() > 0
                && lock(order.target(), order.scope())
                        .filter(block -> block.isInForce(clock.instant()))
                        .isPresent();
        var count = goesOn ? known.count() : escalation.count(known.count(), known.until(), order.at());
        var placed = place(order.lasting(escalation.duration(order.duration(), count)), count);
        if (placed.isChanged()) {
            offences.keep(order.target(), order.scope(), count, placed.block().until());
        }
        return placed;
    }

    private Placed place(NewBlock order, int count) {
        var now = clock.instant();
        var fresh = new Block(order, count, now);
        var hasRoom = room.left() > 0;
        if (hasRoom && insert(fresh)) {
            announce(fresh, order);
            return new Placed(fresh, Change.BEGUN);
        }
        var block = lock(order.target(), order.scope()).orElse(null);
        if (block == null) {
            // gone between the two statements only where it was pruned just then
            return hasRoom ? place(order, count) : refused(fresh);
        }
        if (order.escalates() && block.hasEndedSince(order.at())) {
            return new Placed(block, Change.NONE);
        }
        var wasInForce = block.isInForce(now);
        if (!wasInForce && !hasRoom) {
            return refused(block);
        }
        if (!block.renew(order, count, now)) {
            return new Placed(block, Change.NONE);
        }
        announce(block, order);
        return new Placed(block, wasInForce ? Change.LENGTHENED : Change.BEGUN);
    }

    private Placed refused(Block block) {
        room.refuse(1);
        return new Placed(block, Change.NO_ROOM);
    }

    /** Whether just this target is blocked now. */
    public boolean isBlocked(Network target, Scope scope) {
        return query("select until" + ONE + " and endedAt is null", Instant.class, target, scope)
                .getResultStream()
                .anyMatch(clock.instant()::isBefore);
    }

    /**
     * When the last block of this target ended, or the last that a person ended where one goes on: nothing from before counts.
     * Empty where there was none.
     */
    public Optional<Instant> endOf(Network target, Scope scope) {
        // not the block itself: what is in the session is not read again when its row is locked
        return query("select coalesce(endedAt, forgivenAt)" + ONE, Instant.class, target, scope)
                .getResultStream()
                .filter(Objects::nonNull)
                .findFirst();
    }

    /** When a person last ended a block of this target; empty where nobody did lately. */
    public Optional<Instant> forgivenAt(Network target, Scope scope) {
        return query("select forgivenAt" + ONE, Instant.class, target, scope)
                .getResultStream()
                .filter(Objects::nonNull)
                .findFirst();
    }

    Optional<Block> find(UUID id) {
        return Optional.ofNullable(entities.find(Block.class, id));
    }

    /** Ends a block and forgets the offences that led to it; where it had ended before, nothing happens. */
    Optional<Block> lift(UUID id, String reason, String by) {
        // in the order of place(), so that the two never wait for each other; and before the block is in the session,
        // which would not read again what changed while this waited
        offences.forgive(id);
        var block = Optional.ofNullable(entities.find(Block.class, id, LockModeType.PESSIMISTIC_WRITE));
        var now = clock.instant();
        block.flatMap(found -> found.end(reason, by, now, now))
                .ifPresent(event -> outbox.publish(event, event.application(), now));
        return block;
    }

    /** Ends those of them that have run their time; each is ended by one replica. */
    void endExpired(List<String> ids) {
        var now = clock.instant();
        var due = entities.createNativeQuery("""
                        select * from block where id = any (cast(:ids as uuid[])) and ended_at is null and until <= :now
                        order by until for update skip locked""", Block.class)
                .setParameter("ids", ids.toArray(String[]::new))
                .setParameter("now", now)
                .getResultList();
        for (var block : due) {
            block.end("expired", SERVICE, block.until(), now)
                    .ifPresent(event -> outbox.publish(event, event.application(), event.unblockedAt()));
        }
    }

    /** Forgets those of them that ended before, here and in the topic. */
    void forget(List<String> ids, Instant before) {
        var old = entities.createNativeQuery("""
                        select * from block where id = any (cast(:ids as uuid[])) and ended_at < :before
                        order by ended_at for update skip locked""", Block.class)
                .setParameter("ids", ids.toArray(String[]::new))
                .setParameter("before", before)
                .getResultList();
        for (var block : old) {
            var key = BlockEvent.key(block.target().toString(), block.application(), block.endpoint());
            outbox.publishTombstone(Topic.IP_BLOCKED, key);
            entities.remove(block);
        }
    }

    /** Forgets the offences that no longer count. */
    void pruneOffences() {
        offences.prune(clock.instant().minus(escalation.memory()));
    }

    /** Newest first. */
    List<Block> list(
            @Nullable Network covering,
            @Nullable String application,
            @Nullable Boolean active,
            @Nullable TimePosition after,
            int limit) {
        var conditions = new ArrayList<String>();
        var values = new HashMap<String, Object>();
        if (application != null) {
            conditions.add("application = :application");
            values.put("application", application);
        }
        if (covering != null) {
            conditions.add("target >>= cast(:covering as cidr)");
            values.put("covering", covering.toString());
        }
        if (active != null) {
            conditions.add(active ? "ended_at is null and until > :now" : "(ended_at is not null or until <= :now)");
            values.put("now", clock.instant());
        }
        if (after != null) {
            conditions.add("(blocked_at, id) < (:blockedAt, :id)");
            values.put("blockedAt", after.at());
            values.put("id", after.id());
        }
        var where = conditions.isEmpty() ? "" : " where " + String.join(" and ", conditions);
        var query = entities.createNativeQuery(
                "select * from block" + where + " order by blocked_at desc, id desc limit :limit", Block.class);
        values.forEach(query::setParameter);
        return query.setParameter("limit", limit).getResultList();
    }

    /** The blocks around an address, in force or ended lately, newest first, for people who ask why. */
    public List<BlockView> around(Network address, String application, int most) {
        var now = clock.instant();
        return entities.createNativeQuery("""
                        select * from block where target >>= cast(:address as cidr) and application = :application
                        order by blocked_at desc, id desc limit :most""", Block.class)
                .setParameter("address", address.toString())
                .setParameter("application", application)
                .setParameter("most", most)
                .getResultStream()
                .map(block -> BlockView.of(block, now))
                .toList();
    }

    private void announce(Block block, NewBlock order) {
        outbox.publish(block.blocked(), block.application(), order.at());
    }

    private boolean insert(Block block) {
        return entities.createNativeMutationQuery(INSERT)
                        .setParameter("id", block.id())
                        .setParameter("target", block.target().toString())
                        .setParameter("application", block.application())
                        .setParameter("endpoint", block.endpoint(), String.class)
                        .setParameter("reason", block.reason())
                        .setParameter("policy", block.policy(), String.class)
                        .setParameter("author", block.author())
                        .setParameter("remediation", block.remediation().word())
                        .setParameter("offences", block.offences())
                        .setParameter("blockedAt", block.blockedAt())
                        .setParameter("until", block.until())
                        .setParameter("version", block.version())
                        .executeUpdate()
                == 1;
    }

    private Optional<Block> lock(Network target, Scope scope) {
        return query(ONE, Block.class, target, scope)
                .setLockMode(LockModeType.PESSIMISTIC_WRITE)
                .getResultStream()
                .findFirst();
    }

    private <T> TypedQuery<T> query(String hql, Class<T> type, Network target, Scope scope) {
        return entities.createQuery(hql, type)
                .setParameter("target", target)
                .setParameter("application", scope.application())
                .setParameter("endpoint", scope.endpoint());
    }
}
