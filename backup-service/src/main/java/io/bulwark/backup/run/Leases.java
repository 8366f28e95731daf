package io.bulwark.backup.run;

import io.agroal.api.AgroalDataSource;
import io.bulwark.backup.BackupConfig;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import jakarta.persistence.NoResultException;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Who works on what. A replica says that it lives by renewing its leases; the clock is the database's, so replicas need not
 * agree on the time. Whatever writes takes part in the caller's transaction.
 */
@ApplicationScoped
class Leases {
    private static final String CLAIM_RUN = """
            update backup set lease_owner = :owner, lease_until = clock_timestamp() + make_interval(secs => :seconds)
            where id = (select waiting.id from backup waiting
                        where waiting.status = 'QUEUED' and not exists (
                            select 1 from backup running
                            where running.source = waiting.source and running.status = 'RUNNING')
                        order by waiting.requested_at limit 1)
            and (select count(*) from backup where lease_owner is not null) < :atOnce
            returning id""";
    private static final String CLAIM_VERIFICATION = """
            update backup set lease_owner = :owner, lease_until = clock_timestamp() + make_interval(secs => :seconds)
            where id = (select id from backup where verification = 'REQUESTED' order by id limit 1)
            and (select count(*) from backup where lease_owner is not null) < :atOnce
            returning id""";

    private static final String WAITING =
            "select exists (select 1 from backup where status = 'QUEUED' or verification = 'REQUESTED')";

    private final EntityManager database;
    private final AgroalDataSource dataSource;
    private final BackupConfig.Runs config;
    private final UUID owner = UUID.randomUUID();
    private final Map<Thread, UUID> inWork = new ConcurrentHashMap<>();

    Leases(EntityManager database, AgroalDataSource dataSource, BackupConfig config) {
        this.database = database;
        this.dataSource = dataSource;
        this.config = config.runs();
    }

    /** Whether there is anything to claim. Without a transaction and its locks, for it is asked every second. */
    boolean isAnyWaiting() {
        try (var connection = dataSource.getConnection();
                var statement = connection.createStatement();
                var result = statement.executeQuery(WAITING)) {
            return result.next() && result.getBoolean(1);
        } catch (SQLException e) {
            throw new IllegalStateException(e.getMessage(), e);
        }
    }

    /** The caller holds the queue's lock. */
    Optional<UUID> claimRun() {
        return claim(CLAIM_RUN);
    }

    /** The caller holds the queue's lock. */
    Optional<UUID> claimVerification() {
        return claim(CLAIM_VERIFICATION);
    }

    /** From now on the calling thread works on it, and its lease is renewed. */
    void hold(UUID id) {
        inWork.put(Thread.currentThread(), id);
    }

    /** The calling thread is done. A lease that it has not ended, for want of an outcome on record, runs out. */
    void letGo() {
        inWork.remove(Thread.currentThread());
    }

    /** Those that threads hold, not all of this replica: nobody would ever end a run that its thread gave up. */
    void renew() {
        var held = List.copyOf(inWork.values());
        if (held.isEmpty()) {
            return;
        }
        database.createNativeQuery("""
                        update backup set lease_until = clock_timestamp() + make_interval(secs => :seconds)
                        where lease_owner = :owner and id in (:held)""")
                .setParameter("owner", owner)
                .setParameter("held", held)
                .setParameter("seconds", config.lease().toSeconds())
                .executeUpdate();
    }

    /** Ends the lease of this replica; false where it has lost it. */
    boolean end(UUID id) {
        return database.createNativeQuery(
                                "update backup set lease_owner = null, lease_until = null where id = :id and lease_owner = :owner")
                        .setParameter("id", id)
                        .setParameter("owner", owner)
                        .executeUpdate()
                == 1;
    }

    /** Ends the leases that nobody renews, and says on what they were. */
    @SuppressWarnings("unchecked") // a native query knows no types
    List<UUID> endExpired() {
        return database.createNativeQuery("""
                        update backup set lease_owner = null, lease_until = null
                        where id in (select id from backup where lease_until < clock_timestamp() for update skip locked)
                        returning id""", UUID.class).getResultList();
    }

    /** This replica stops: whoever looks next need not wait for the leases to run out. */
    void giveUp() {
        database.createNativeQuery("update backup set lease_until = clock_timestamp() where lease_owner = :owner")
                .setParameter("owner", owner)
                .executeUpdate();
    }

    private Optional<UUID> claim(String sql) {
        try {
            return Optional.of((UUID) database.createNativeQuery(sql, UUID.class)
                    .setParameter("owner", owner)
                    .setParameter("seconds", config.lease().toSeconds())
                    .setParameter("atOnce", config.atOnce())
                    .getSingleResult());
        } catch (NoResultException e) {
            return Optional.empty();
        }
    }
}
