package io.bulwark.ratelimit.block;

import io.bulwark.events.BlockEvent.IpBlocked;
import io.bulwark.events.BlockEvent.IpUnblocked;
import io.bulwark.events.EventIds;
import io.bulwark.kit.net.Network;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.hibernate.annotations.Type;
import org.jspecify.annotations.Nullable;

/**
 * The one block of a target in a scope. Beginning anew lengthens it and never shortens it; ending it is final until it
 * begins anew. Every change has a higher version.
 */
@Entity
public class Block {
    /** The same order again, at most so much later, is the same order: a client that tries again, an attacker who does. */
    private static final Duration REPETITION = Duration.ofMinutes(5);

    @Id
    private UUID id;

    @Type(NetworkType.class)
    @Column(columnDefinition = "cidr")
    private Network target;

    private String application;
    private @Nullable String endpoint;
    private String reason;
    private @Nullable String policy;
    private String author;
    private String remediation;
    private int offences;
    private Instant blockedAt;
    private Instant until;
    private @Nullable Instant endedAt;
    private @Nullable String endedBy;
    private @Nullable Instant forgivenAt;
    private long version;

    /** For Hibernate. */
    @SuppressWarnings("NullAway.Init")
    protected Block() {}

    /** @param offences which block in a row this is of the place, from 1 on */
    Block(NewBlock order, int offences, Instant now) {
        this.id = EventIds.next();
        this.target = order.target();
        this.application = order.scope().application();
        this.endpoint = order.scope().endpoint();
        this.reason = order.reason();
        this.policy = order.policy();
        this.author = order.author();
        this.remediation = order.remediation().word();
        this.offences = offences;
        this.blockedAt = order.at();
        this.until = order.until();
        advance(now);
    }

    /** Blocks on as ordered, neither shorter nor milder than before; false where that changes nothing. */
    boolean renew(NewBlock order, int orderOffences, Instant now) {
        var inForce = isInForce(now);
        var longer = order.until().isAfter(until);
        var stricter = remediation() == Remediation.CAPTCHA && order.remediation() == Remediation.BAN;
        if (inForce && !stricter && (!longer || isRepetition(order))) {
            return false;
        }
        if (!inForce) {
            blockedAt = order.at();
            endedAt = null;
            endedBy = null;
        }
        if (!inForce || stricter) {
            remediation = order.remediation().word();
        }
        if (!inForce || longer) {
            until = order.until();
        }
        reason = order.reason();
        policy = order.policy();
        author = order.author();
        offences = orderOffences;
        advance(now);
        return true;
    }

    /** Ends it; empty where it had ended before. */
    Optional<IpUnblocked> end(String endReason, String by, Instant at, Instant now) {
        if (endedAt != null) {
            return Optional.empty();
        }
        endedAt = at;
        endedBy = by;
        if (!by.equals(Blocks.SERVICE)) {
            forgivenAt = at; // which another block does not undo
        }
        advance(now);
        return Optional.of(new IpUnblocked(target.toString(), application, endpoint, endReason, by, at, version));
    }

    boolean isInForce(Instant now) {
        return endedAt == null && until.isAfter(now);
    }

    /** Whether it ended then or later: by a person, or by itself and has not begun anew. */
    boolean hasEndedSince(Instant time) {
        return Stream.of(endedAt, forgivenAt).anyMatch(end -> end != null && !end.isBefore(time));
    }

    IpBlocked blocked() {
        return new IpBlocked(
                target.toString(),
                application,
                endpoint,
                reason,
                policy,
                author,
                remediation,
                offences,
                blockedAt,
                until,
                version);
    }

    private boolean isRepetition(NewBlock order) {
        var tolerance = order.duration().dividedBy(10);
        var later = Duration.between(until, order.until());
        return later.compareTo(tolerance.compareTo(REPETITION) < 0 ? tolerance : REPETITION) < 0
                && author.equals(order.author())
                && reason.equals(order.reason())
                && Objects.equals(policy, order.policy());
    }

    /** Microseconds, so that it also grows where a row was pruned or an older database restored in between. */
    private void advance(Instant now) {
        version = Math.max(version + 1, ChronoUnit.MICROS.between(Instant.EPOCH, now));
    }

    public UUID id() {
        return id;
    }

    public Network target() {
        return target;
    }

    public String application() {
        return application;
    }

    public @Nullable String endpoint() {
        return endpoint;
    }

    String reason() {
        return reason;
    }

    @Nullable
    String policy() {
        return policy;
    }

    String author() {
        return author;
    }

    public Remediation remediation() {
        return Remediation.of(remediation);
    }

    /** Which block in a row this is of the place, from 1 on. */
    int offences() {
        return offences;
    }

    Instant blockedAt() {
        return blockedAt;
    }

    public Instant until() {
        return until;
    }

    @Nullable
    Instant endedAt() {
        return endedAt;
    }

    @Nullable
    String endedBy() {
        return endedBy;
    }

    long version() {
        return version;
    }
}
