package io.bulwark.incident;

import io.bulwark.events.IncidentEvent.Severity;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import jakarta.validation.Valid;
import jakarta.validation.constraints.PositiveOrZero;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;

/** What an operator may set about incidents. */
@ConfigMapping(prefix = "bulwark.incident")
public interface IncidentConfig {
    /** How soon after it was opened an incident must be acknowledged. */
    @Valid
    Acknowledge acknowledge();

    @Valid
    Rules rules();

    @Valid
    Containment containment();

    /** Clocks run around the clock, weekends included. */
    interface Acknowledge {
        /** "Immediate" of the guide. */
        @WithDefault("PT5M")
        @DurationMin(millis = 1)
        Duration p0();

        @WithDefault("PT1H")
        @DurationMin(millis = 1)
        Duration p1();

        @WithDefault("PT24H")
        @DurationMin(millis = 1)
        Duration p2();

        @WithDefault("P7D")
        @DurationMin(millis = 1)
        Duration p3();

        /** How often overdue incidents are looked for. */
        @WithDefault("PT1S")
        Duration checkEvery();

        default Duration within(Severity severity) {
            return switch (severity) {
                case P0 -> p0();
                case P1 -> p1();
                case P2 -> p2();
                case P3 -> p3();
            };
        }
    }

    /** The alert rules. A rule fires when more than its threshold is seen within any window of its length. */
    interface Rules extends TrafficLimits {
        @Valid
        FailedLogins failedLogins();

        @Valid
        BlockedAddresses blockedAddresses();

        @Valid
        AdminActions adminActions();

        @Valid
        BackupFailed backupFailed();

        /**
         * How long after its arrival an observation is remembered: an event that comes late, out of order, counts
         * exactly in its own time as long as what it belongs together with arrived less than this before it. At least six
         * windows of its rule are remembered.
         */
        @WithDefault("P1D")
        @DurationMin(minutes = 5)
        Duration memory();
    }

    /** Failed logins of one application. */
    interface FailedLogins extends Limit {
        @Override
        @WithDefault("P1")
        Severity severity();

        @Override
        @WithDefault("10")
        int threshold();

        @Override
        @WithDefault("PT1M")
        Duration window();
    }

    /** Distinct addresses and networks blocked for one application. */
    interface BlockedAddresses extends Limit {
        @Override
        @WithDefault("P2")
        Severity severity();

        @Override
        @WithDefault("5")
        int threshold();

        @Override
        @WithDefault("PT1H")
        Duration window();
    }

    /** What administrators did, of one application. */
    interface AdminActions extends Limit {
        @Override
        @WithDefault("P2")
        Severity severity();

        @Override
        @WithDefault("50")
        int threshold();

        @Override
        @WithDefault("PT1H")
        Duration window();
    }

    /** Failed backups of one source. */
    interface BackupFailed extends Limit {
        @Override
        @WithDefault("P1")
        Severity severity();

        /** None is allowed. */
        @Override
        @WithDefault("0")
        int threshold();

        /** Failures closer together than twice this are one episode. */
        @Override
        @WithDefault("PT1H")
        Duration window();
    }

    /** What every rule has. */
    interface Limit {
        @WithDefault("true")
        boolean enabled();

        Severity severity();

        @PositiveOrZero
        int threshold();

        @DurationMin(seconds = 1)
        @DurationMax(days = 31)
        Duration window();
    }

    /** Orders given from an incident. */
    interface Containment {
        /** How long a block lasts unless the responder says otherwise. */
        @WithDefault("PT24H")
        @DurationMin(seconds = 1)
        Duration blockDuration();

        /** The longest block that may be ordered. */
        @WithDefault("P365D")
        @DurationMin(seconds = 1)
        Duration maxBlockDuration();
    }
}
