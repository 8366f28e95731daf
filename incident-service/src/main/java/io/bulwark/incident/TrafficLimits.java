package io.bulwark.incident;

import io.bulwark.events.IncidentEvent.Severity;
import io.bulwark.incident.IncidentConfig.Limit;
import io.smallrye.config.WithDefault;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
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

    /**
     * What ended is judged when it ended, and was last told of, this long ago: longer than a gateway or a log shipper takes
     * to tell the rest of it; or one window ago in any case. Only when to look depends on it, never what is counted.
     */
    @WithDefault("PT15S")
    @DurationMin(millis = 1)
    @DurationMax(hours = 1)
    Duration trafficGrace();

    @Valid
    ServerErrorRate serverErrorRate();

    @Valid
    ResponseTime responseTime();

    /** Places that tried many accounts of one application. */
    @Valid
    Attack credentialStuffing();

    /** Accounts of one application that were tried from many places. */
    @Valid
    Attack passwordSpraying();

    /** Floods on one application. */
    @Valid
    Attack floods();

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
        int threshold();

        /** Of every moment that a gateway tells of, four windows are read while what it tells next waits. */
        @Override
        @WithDefault("PT5M")
        @DurationMax(days = 1)
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
        int threshold();

        /** Of every moment that a gateway tells of, four windows are read while what it tells next waits. */
        @Override
        @WithDefault("PT5M")
        @DurationMax(days = 1)
        Duration window();
    }

    /** What a detector concluded: one is enough. */
    interface Attack extends Conclusion {
        @Override
        @WithDefault("P1")
        Severity severity();
    }

    /** Endpoints of one application whose requests left what is usual. */
    interface RateAnomalies extends Conclusion {
        @Override
        @WithDefault("P2")
        Severity severity();
    }

    /** None is allowed; those closer together than twice the window are one episode. */
    interface Conclusion extends Limit {
        @Override
        @WithDefault("0")
        int threshold();

        @Override
        @WithDefault("PT1H")
        Duration window();
    }
}
