package io.bulwark.auth.revocation;

import io.bulwark.auth.AuthConfig;
import io.bulwark.events.Revocation.AllRevoked;
import io.bulwark.events.Revocation.ClientRevoked;
import io.bulwark.events.Revocation.SessionRevoked;
import io.bulwark.events.Revocation.UserRevoked;
import io.bulwark.kit.outbox.Outbox;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import jakarta.transaction.Transactional;
import jakarta.transaction.Transactional.TxType;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Generation numbers: a token carries those it was issued under and dies when one is raised. Whoever issues a token
 * holds shared locks on them, so that a token is never issued under a number that is being raised.
 *
 * <p>Rows are locked in the order all, client, user, session, after the account's and before those of the session table.
 */
@ApplicationScoped
@Transactional(TxType.MANDATORY)
public class RevocationLedger {
    /** A session's revocation is forgotten that long after its last token has expired by itself. */
    static final Duration TOMBSTONE_MARGIN = Duration.ofMinutes(15);

    private static final String ALL = "all";

    private final EntityManager entities;
    private final Outbox outbox;
    private final InstantSource clock;
    private final Duration tokenLife;

    RevocationLedger(EntityManager entities, Outbox outbox, InstantSource clock, AuthConfig config) {
        this.entities = entities;
        this.outbox = outbox;
        this.clock = clock;
        this.tokenLife = config.token().life();
    }

    /** Begins the count of a new user. */
    public void openUser(UUID userId) {
        open(userKey(userId));
    }

    /** Begins the count of a new client; a count that exists goes on. */
    public void openClient(String clientId) {
        open(clientKey(clientId));
    }

    /** The generations to issue a token under; they stay as they are until the transaction ends. */
    public Generations lockCurrent(@Nullable UUID userId, @Nullable String clientId) {
        var keys = new ArrayList<String>(List.of(ALL));
        if (clientId != null) {
            keys.add(clientKey(clientId));
        }
        if (userId != null) {
            keys.add(userKey(userId));
        }
        var found = read(keys, " for share");
        return new Generations(
                found.getOrDefault(ALL, 0L),
                userId == null ? 0 : found.getOrDefault(userKey(userId), 0L),
                clientId == null ? 0 : found.getOrDefault(clientKey(clientId), 0L));
    }

    /** The generations of this moment, to check a token against. */
    public Generations current(@Nullable UUID userId, @Nullable String clientId) {
        var user = userId == null ? "" : userKey(userId);
        var client = clientId == null ? "" : clientKey(clientId);
        var found = read(List.of(ALL, client, user), "");
        return new Generations(
                found.getOrDefault(ALL, 0L), found.getOrDefault(user, 0L), found.getOrDefault(client, 0L));
    }

    public boolean isSessionRevoked(String sessionId) {
        return !read(List.of(sessionKey(sessionId)), "").isEmpty();
    }

    /** Ends every token there is. */
    public long revokeAll(String reason) {
        var now = clock.instant();
        var generation = raise(ALL);
        outbox.publish(new AllRevoked(generation, now, reason));
        return generation;
    }

    /** Ends every token of a user. */
    public void revokeUser(UUID userId, String reason) {
        var now = clock.instant();
        var generation = raise(userKey(userId));
        outbox.publish(new UserRevoked(userId.toString(), generation, now, reason));
    }

    /** Ends every token of a client, those of people who signed in through it included. */
    public void revokeClient(String clientId, String reason) {
        var now = clock.instant();
        var generation = raise(clientKey(clientId));
        outbox.publish(new ClientRevoked(clientId, generation, now, reason));
    }

    /**
     * Ends every token of a session.
     *
     * @return false where they had ended before, and nobody need hear of it again
     */
    public boolean revokeSession(String sessionId, String reason) {
        var now = clock.instant();
        var added = entities.createNativeQuery("""
            insert into revocation (key, tombstone_at) values (:key, :tombstoneAt)
            on conflict (key) do nothing\
            """)
                .setParameter("key", sessionKey(sessionId))
                .setParameter("tombstoneAt", now.plus(tokenLife).plus(TOMBSTONE_MARGIN))
                .executeUpdate();
        if (added > 0) {
            outbox.publish(new SessionRevoked(sessionId, now, reason));
        }
        return added > 0;
    }

    void raiseAllTo(long generation) {
        raiseTo(ALL, generation);
    }

    void raiseClientTo(String clientId, long generation) {
        raiseTo(clientKey(clientId), generation);
    }

    void raiseUserTo(String userId, long generation) {
        raiseTo("user:" + userId, generation);
    }

    /** Also one that the restored schema does not know; one that is high enough is not locked. */
    private void raiseTo(String key, long generation) {
        entities.createNativeQuery("""
            insert into revocation as r (key, generation)
            select :key, :generation
            where not exists (select from revocation where key = :key and generation >= :generation)
            on conflict (key) do update set generation = greatest(r.generation, excluded.generation)\
            """)
                .setParameter("generation", generation)
                .setParameter("key", key)
                .executeUpdate();
    }

    private static String userKey(UUID userId) {
        return "user:" + userId;
    }

    private static String clientKey(String clientId) {
        return "client:" + clientId;
    }

    private static String sessionKey(String sessionId) {
        return "session:" + sessionId;
    }

    private void open(String key) {
        entities.createNativeQuery("insert into revocation (key) values (:key) on conflict (key) do nothing")
                .setParameter("key", key)
                .executeUpdate();
    }

    private long raise(String key) {
        return (Long) entities.createNativeQuery("""
            insert into revocation as r (key) values (:key)
            on conflict (key) do update set generation = r.generation + 1
            returning r.generation\
            """, Long.class)
                .setParameter("key", key)
                .getSingleResult();
    }

    private Map<String, Long> read(List<String> keys, String locking) {
        @SuppressWarnings("unchecked")
        List<Object[]> rows = entities.createNativeQuery(
                        "select key, generation from revocation where key in (:keys) order by key" + locking)
                .setParameter("keys", keys)
                .getResultList();
        var found = new HashMap<String, Long>();
        rows.forEach(row -> found.put((String) row[0], ((Number) row[1]).longValue()));
        return found;
    }
}
