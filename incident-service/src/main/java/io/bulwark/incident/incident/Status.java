package io.bulwark.incident.incident;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.List;
import java.util.Locale;

/** Where an incident stands. It moves one step at a time and never back. */
public enum Status {
    OPEN,
    ACKNOWLEDGED,
    RESOLVED,
    CLOSED;

    /** What may follow. */
    public List<Status> allowed() {
        return switch (this) {
            case OPEN -> List.of(ACKNOWLEDGED);
            case ACKNOWLEDGED -> List.of(RESOLVED);
            case RESOLVED -> List.of(CLOSED);
            case CLOSED -> List.of();
        };
    }

    /** As the API writes it. */
    @JsonValue
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
