package io.bulwark.ratelimit.bulk;

import io.bulwark.kit.audit.AuditTrail;
import io.bulwark.kit.audit.Audited;
import io.bulwark.ratelimit.block.BlockBatch;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.UUID;
import org.hibernate.Session;
import org.jspecify.annotations.Nullable;

/** All imports. Whoever goes on with one holds its row, so that one that was given up is not gone on with. */
@ApplicationScoped
public class BlockImports {
    private static final String ADVANCE = """
            update BlockImport set placed = placed + :placed, unchanged = unchanged + :unchanged, seenAt = :now
            where id = :id and state = RUNNING""";

    private static final String FINISH = """
            update BlockImport set state = :state, failure = :failure, finishedAt = :now
            where id = :id and state = RUNNING""";

    private static final String GIVE_UP = """
            update BlockImport set state = FAILED, finishedAt = :now, failure = :failure
            where state = RUNNING and seenAt < :before""";

    private final Session entities;
    private final AuditTrail trail;
    private final InstantSource clock;

    BlockImports(Session entities, AuditTrail trail, InstantSource clock) {
        this.entities = entities;
        this.trail = trail;
        this.clock = clock;
    }

    /** Notes that an import begins: the one record of it in the audit trail. */
    @Transactional
    @Audited("block.import")
    BlockImport begin(ImportOrders read, String author, String application, boolean force) {
        var begun = new BlockImport(read, author, clock.instant());
        entities.persist(begun);
        trail.target("block-import:" + begun.id())
                .application(application)
                .detail("entries", Integer.toString(begun.entries()))
                .detail("refused", Integer.toString(begun.refused()))
                .detail("force", Boolean.toString(force));
        return begun;
    }

    Optional<BlockImport> find(UUID id) {
        return Optional.ofNullable(entities.find(BlockImport.class, id));
    }

    /** Counts a batch, in the transaction that places it; false where the import no longer runs. */
    boolean advance(UUID id, BlockBatch.Placed batch) {
        return entities.createMutationQuery(ADVANCE)
                        .setParameter("placed", batch.placed())
                        .setParameter("unchanged", batch.unchanged())
                        .setParameter("now", clock.instant())
                        .setParameter("id", id)
                        .executeUpdate()
                == 1;
    }

    /** @param failure why it ended early; null where it came to its end */
    @Transactional
    void finish(UUID id, @Nullable String failure) {
        entities.createMutationQuery(FINISH)
                .setParameter("state", failure == null ? BlockImport.State.DONE : BlockImport.State.FAILED)
                .setParameter("failure", failure)
                .setParameter("now", clock.instant())
                .setParameter("id", id)
                .executeUpdate();
    }

    /** Tells as failed what nobody is seen at any longer. */
    @Transactional
    int giveUp(Duration patience) {
        var now = clock.instant();
        return entities.createMutationQuery(GIVE_UP)
                .setParameter("now", now)
                .setParameter("failure", "The replica that ran it stopped; send it again to place the rest")
                .setParameter("before", now.minus(patience))
                .executeUpdate();
    }

    @Transactional
    int prune(Duration kept) {
        return entities.createNativeMutationQuery("delete from block_import where started_at < :before")
                .setParameter("before", clock.instant().minus(kept))
                .executeUpdate();
    }
}
