package io.bulwark.ratelimit.bulk;

import io.bulwark.events.EventIds;
import jakarta.persistence.CollectionTable;
import jakarta.persistence.ElementCollection;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.JoinColumn;
import jakarta.persistence.OrderBy;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** An import of blocks and how far it has come. */
@Entity
class BlockImport {
    @Id
    private UUID id;

    private String author;

    @Enumerated(EnumType.STRING)
    private State state;

    private int lines;
    private int entries;
    private int placed;
    private int unchanged;
    private int refused;
    private @Nullable String failure;
    private Instant startedAt;
    private Instant seenAt;
    private @Nullable Instant finishedAt;

    @ElementCollection
    @CollectionTable(name = "block_import_refusal", joinColumns = @JoinColumn(name = "import_id"))
    @OrderBy("line")
    private List<Refusal> refusals;

    /** For Hibernate. */
    @SuppressWarnings("NullAway.Init")
    protected BlockImport() {}

    BlockImport(ImportOrders read, String author, Instant now) {
        this.id = EventIds.next();
        this.author = author;
        this.state = State.RUNNING;
        this.lines = read.lines();
        this.entries = read.orders().size();
        this.refused = read.refused();
        this.refusals = read.refusals();
        this.startedAt = now;
        this.seenAt = now;
    }

    /** Where it stands. */
    enum State {
        RUNNING,
        /** Every entry that was not refused is in force. */
        DONE,
        /** It ended early: what it had placed stays, and the same import again places the rest. */
        FAILED
    }

    UUID id() {
        return id;
    }

    String author() {
        return author;
    }

    State state() {
        return state;
    }

    /** Lines of the body, blank ones and comments among them; elements of an array. */
    int lines() {
        return lines;
    }

    /** What is to be placed. */
    int entries() {
        return entries;
    }

    int placed() {
        return placed;
    }

    int unchanged() {
        return unchanged;
    }

    int refused() {
        return refused;
    }

    /** The first of the refused, by line. */
    List<Refusal> refusals() {
        return List.copyOf(refusals);
    }

    @Nullable
    String failure() {
        return failure;
    }

    Instant startedAt() {
        return startedAt;
    }

    /** When its replica was last at it. */
    Instant seenAt() {
        return seenAt;
    }

    @Nullable
    Instant finishedAt() {
        return finishedAt;
    }
}
