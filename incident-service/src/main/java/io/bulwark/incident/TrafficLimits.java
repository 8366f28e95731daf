package io.bulwark.incident;

import io.bulwark.events.IncidentEvent.Severity;
import io.bulwark.incident.IncidentConfig.Limit;
import io.smallrye.config.WithDefault;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.PositiveOrZero;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;

/** The rules about what gateways report and what the detectors conclude. */
public interface TrafficLimits {
    /** Requests within the window without which neither a rate nor a mean says anything. */
    @WithDefault("20")
    @Min(1)
    @Max(1_000_000)
    int trafficLeastRequests();

    @Valid
    ServerErrorRate serverErrorRate();

    @Valid
    ResponseTime responseTime();

    @Valid
    CredentialStuffing credentialStuffing();

    @Valid
    PasswordSpraying passwordSpraying();

    @Valid
    Floods floods();

    @Valid
    RateAnomalies rateAnomalies();

    /** The share of one application's requests that is answered with 5xx. */
    interface ServerErrorRate extends Limit {
        @Override
        @WithDefault("P0")
        Severity severity();

        /** In percent: the guide's figure. At exactly this nothing is opened. */
        @Override
        @WithDefault("5")
        @PositiveOrZero
        int threshold();

        @Override
        @WithDefault("PT5M")
        @DurationMin(seconds = 1)
        @DurationMax(days = 31)
        Duration window();
    }

    /** The mean response time of one application. */
    interface ResponseTime extends Limit {
        @Override
        @WithDefault("P2")
        Severity severity();

        /** In milliseconds. The guide names no figure. */
        @Override
        @WithDefault("1000")
        @PositiveOrZero
        int threshold();

        @Override
        @WithDefault("PT5M")
        @DurationMin(seconds = 1)
        @DurationMax(days = 31)
        Duration window();
    }

    /** Places that tried many accounts of one application. */
    interface CredentialStuffing extends Limit {
        @Override
        @WithDefault("P1")
        Severity severity();

        @Override
        @WithDefault("0")
        @PositiveOrZero
        int threshold();

        @Override
        @WithDefault("PT1H")
        @DurationMin(seconds = 1)
        @DurationMax(days = 31)
        Duration window();
    }

    /** Accounts of one application that were tried from many places. */
    interface PasswordSpraying extends Limit {
        @Override
        @WithDefault("P1")
        Severity severity();

        @Override
        @WithDefault("0")
        @PositiveOrZero
        int threshold();

        @Override
        @WithDefault("PT1H")
        @DurationMin(seconds = 1)
        @DurationMax(days = 31)
        Duration window();
    }

    /** Floods on one application. */
    interface Floods extends Limit {
        @Override
        @WithDefault("P1")
        Severity severity();

        @Override
        @WithDefault("0")
        @PositiveOrZero
        int threshold();

        @Override
        @WithDefault("PT1H")
        @DurationMin(seconds = 1)
        @DurationMax(days = 31)
        Duration window();
    }

    /** Endpoints of one application whose requests left what is usual. */
    interface RateAnomalies extends Limit {
        @Override
        @WithDefault("P2")
        Severity severity();

        @Override
        @WithDefault("0")
        @PositiveOrZero
        int threshold();

        @Override
        @WithDefault("PT1H")
        @DurationMin(seconds = 1)
        @DurationMax(days = 31)
        Duration window();
    }
}
