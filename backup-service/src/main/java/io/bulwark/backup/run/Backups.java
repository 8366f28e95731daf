package io.bulwark.backup.run;

import io.bulwark.backup.source.Source;
import io.quarkus.hibernate.orm.panache.PanacheRepositoryBase;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** All backups. */
@ApplicationScoped
public class Backups implements PanacheRepositoryBase<Backup, UUID> {
    private final InstantSource clock;

    Backups(InstantSource clock) {
        this.clock = clock;
    }

    /**
     * Queues a backup. One that waits already serves: it begins after this request, and so holds all that was committed
     * before it.
     */
    public Backup request(Source source, String by) {
        lockQueue();
        return find("source = ?1 and status = ?2", source.name(), Backup.Status.QUEUED)
                .firstResultOptional()
                .orElseGet(() -> add(new Backup(source.name(), source.application(), by, clock.instant())));
    }

    /** Queueing and claiming come one at a time, over all replicas, until the transaction ends. */
    public void lockQueue() {
        getEntityManager()
                .createNativeQuery("select cast(pg_advisory_xact_lock(hashtextextended('backup queue', 0)) as text)")
                .getSingleResult();
    }

    /** The newest request of a source. */
    public Optional<Backup> latest(String source) {
        return find("source = ?1 order by id desc", source).firstResultOptional();
    }

    /** True while one waits or runs. */
    public boolean isUnderway(String source) {
        return count("source = ?1 and status in ?2", source, Set.of(Backup.Status.QUEUED, Backup.Status.RUNNING)) > 0;
    }

    /** Newest first. */
    List<Backup> page(@Nullable String source, Set<Backup.Status> statuses, @Nullable UUID before, int count) {
        var conditions = new ArrayList<>(List.of("status in :statuses"));
        Map<String, Object> values = new HashMap<>(Map.of("statuses", statuses));
        if (source != null) {
            conditions.add("source = :source");
            values.put("source", source);
        }
        if (before != null) {
            conditions.add("id < :before");
            values.put("before", before);
        }
        return find(String.join(" and ", conditions) + " order by id desc", values)
                .range(0, count - 1)
                .list();
    }

    /**
     * Since when the newest good backup of each registered source holds everything. What was backed up under its name before
     * it was registered does not count: it may be another database.
     */
    Map<String, Instant> lastSuccesses() {
        var rows = getEntityManager()
                .createQuery("""
                        select b.source, max(b.snapshotAt) from Backup b join Source s on s.name = b.source
                        where b.status = :completed and b.snapshotAt >= s.createdAt group by b.source""", Object[].class)
                .setParameter("completed", Backup.Status.COMPLETED)
                .getResultList();
        var successes = new HashMap<String, Instant>();
        rows.forEach(row -> successes.put((String) row[0], (Instant) row[1]));
        return successes;
    }

    private Backup add(Backup backup) {
        persist(backup);
        return backup;
    }
}
