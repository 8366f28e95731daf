package io.bulwark.auth.session;

import io.bulwark.auth.AuthConfig;
import io.bulwark.auth.revocation.RevocationLedger;
import io.bulwark.events.SecurityEvent.RefreshTokenReused;
import io.bulwark.kit.outbox.Outbox;
import io.bulwark.kit.page.Page;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import jakarta.persistence.LockModeType;
import jakarta.persistence.Query;
import jakarta.transaction.Transactional;
import jakarta.transaction.Transactional.TxType;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** All sessions. Whoever uses or ends one holds its row, after the generations that {@link RevocationLedger} locks. */
@ApplicationScoped
@Transactional(TxType.MANDATORY)
public class Sessions {
    private final EntityManager entities;
    private final RevocationLedger ledger;
    private final Outbox outbox;
    private final InstantSource clock;
    private final AuthConfig.Session config;

    Sessions(EntityManager entities, RevocationLedger ledger, Outbox outbox, InstantSource clock, AuthConfig config) {
        this.entities = entities;
        this.ledger = ledger;
        this.outbox = outbox;
        this.clock = clock;
        this.config = config.session();
    }

    /** A session with the refresh token to use next. */
    public record Refreshable(Session session, String refreshToken) {
        @Override
        public String toString() {
            return "Refreshable[" + session.id() + "]";
        }
    }

    public Refreshable open(UUID accountId, @Nullable String clientId, String application, String address) {
        var now = clock.instant();
        var session = new Session(accountId, clientId, application, address, now, config.absolute());
        entities.persist(session);
        return refreshable(session);
    }

    /** The session that a refresh token belongs to, alive or not. */
    public Optional<Session> of(String refreshToken) {
        return Optional.ofNullable(entities.find(RefreshToken.class, RefreshToken.hash(refreshToken)))
                .map(token -> entities.find(Session.class, token.sessionId()));
    }

    /** The session that a refresh token can still be exchanged in. */
    public Optional<Session> refreshableBy(String refreshToken) {
        return Optional.ofNullable(entities.find(RefreshToken.class, RefreshToken.hash(refreshToken)))
                .filter(token -> !token.isUsed())
                .map(token -> entities.find(Session.class, token.sessionId()))
                .filter(session -> session.isAlive(config.idle(), clock.instant()));
    }

    /**
     * Exchanges a refresh token for the next. One that was used before ends the session and with it the family
     * (RFC 9700, section 4.14.2); that must be committed although the caller refuses.
     *
     * @return empty where it is good for nothing
     */
    public Optional<Refreshable> refresh(String refreshToken, String address) {
        var found = of(refreshToken);
        if (found.isEmpty()) {
            return Optional.empty();
        }
        var session = found.get();
        entities.refresh(session, LockModeType.PESSIMISTIC_WRITE);
        var token = entities.find(RefreshToken.class, RefreshToken.hash(refreshToken));
        entities.refresh(token);
        return switch (session.present(token, config.idle(), clock.instant())) {
            case ACCEPTED -> Optional.of(refreshable(session));
            case DEAD -> Optional.empty();
            case REUSED -> {
                outbox.publish(
                        new RefreshTokenReused(
                                session.accountId().toString(), session.id().toString(), address),
                        session.application());
                end(session, "refresh token used twice");
                yield Optional.empty();
            }
        };
    }

    /**
     * Ends one session with every token of it.
     *
     * @return false where there is no such session, or it had ended before
     */
    public boolean end(UUID sessionId, String reason) {
        var session = entities.find(Session.class, sessionId, LockModeType.PESSIMISTIC_WRITE);
        return session != null && end(session, reason);
    }

    /**
     * Ends the sessions of a user; access tokens end by the user's generation.
     *
     * @return how many lived
     */
    public int endAllOf(UUID accountId, String reason) {
        return ended(endOpen(" and account_id = :accountId", reason).setParameter("accountId", accountId));
    }

    /** Ends the sessions that people opened through a client; access tokens end by the client's generation. */
    public void endAllThrough(String clientId, String reason) {
        ended(endOpen(" and client_id = :clientId", reason).setParameter("clientId", clientId));
    }

    /**
     * Ends every session and every access token there is, those of machines included.
     *
     * @return how many sessions lived
     */
    public int endEverything(String reason) {
        ledger.revokeAll(reason);
        return ended(endOpen("", reason));
    }

    /** The sessions of a user that live, newest first. */
    public List<Session> aliveOf(UUID accountId) {
        var now = clock.instant();
        return entities.createQuery(
                        "from Session where accountId = :accountId and endedAt is null and expiresAt > :now"
                                + " and lastUsedAt > :idleSince order by createdAt desc",
                        Session.class)
                .setParameter("accountId", accountId)
                .setParameter("now", now)
                .setParameter("idleSince", now.minus(config.idle()))
                .setMaxResults(Page.MAX_LIMIT)
                .getResultList();
    }

    /** Removes what ended long ago. */
    int prune() {
        return entities.createQuery("delete from Session where expiresAt < :before")
                .setParameter("before", clock.instant().minus(config.kept()))
                .executeUpdate();
    }

    /**
     * Those that died by themselves end too, or a longer idle time would wake them; they do not count. Locked in one
     * order, for others may end some of them at the same time.
     */
    private Query endOpen(String which, String reason) {
        var now = clock.instant();
        return entities.createNativeQuery("""
                        with ended as (
                            update session set ended_at = :now, end_reason = :reason where id in (
                                select id from session where ended_at is null%s order by id for update)
                            returning expires_at, last_used_at)
                        select count(*) from ended where expires_at > :now and last_used_at > :idleSince\
                        """.formatted(which), Long.class)
                .setParameter("now", now)
                .setParameter("reason", reason)
                .setParameter("idleSince", now.minus(config.idle()));
    }

    private static int ended(Query query) {
        return Math.toIntExact((Long) query.getSingleResult());
    }

    private boolean end(Session session, String reason) {
        return session.end(reason, clock.instant())
                && ledger.revokeSession(session.id().toString(), reason);
    }

    private Refreshable refreshable(Session session) {
        var plain = RefreshToken.generate();
        entities.persist(new RefreshToken(plain, session.id(), clock.instant()));
        return new Refreshable(session, plain);
    }
}
