package io.bulwark.incident.incident;

import com.fasterxml.jackson.annotation.JsonValue;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import java.time.Instant;
import java.util.Locale;
import java.util.UUID;
import org.hibernate.annotations.Immutable;

/** One line of an incident's timeline. When it happened and when it was written down are two things. */
@Entity
@Immutable
public class TimelineEntry {
    /** What a line tells of. */
    public enum Kind {
        OPENED,
        ACKNOWLEDGED,
        SLA_BREACHED,
        RESOLVED,
        CLOSED,
        NOTE,
        ACTION_REQUESTED,
        ACTION_DONE,
        ACTION_FAILED;

        /** As the API writes it. */
        @JsonValue
        public String label() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    @Id
    @GeneratedValue(strategy = GenerationType.IDENTITY)
    private long seq;

    @SuppressWarnings("UnusedVariable") // a column that queries read
    private UUID incidentId;

    @Enumerated(EnumType.STRING)
    private Kind kind;

    private String text;
    private String author;
    private Instant occurredAt;
    private Instant recordedAt;

    /** For Hibernate. */
    protected TimelineEntry() {}

    TimelineEntry(UUID incidentId, Kind kind, String text, String author, Instant occurredAt, Instant recordedAt) {
        this.incidentId = incidentId;
        this.kind = kind;
        this.text = text;
        this.author = author;
        this.occurredAt = occurredAt;
        this.recordedAt = recordedAt;
    }

    long seq() {
        return seq;
    }

    Kind kind() {
        return kind;
    }

    String text() {
        return text;
    }

    String author() {
        return author;
    }

    Instant occurredAt() {
        return occurredAt;
    }

    Instant recordedAt() {
        return recordedAt;
    }
}
