package io.bulwark.ratelimit.detection;

import io.bulwark.kit.net.Network;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;

/** What an operator may set about the detectors. */
@ConfigMapping(prefix = "bulwark.ratelimit.detection")
public interface DetectionConfig {
    /** Failed sign-ins of one place. */
    Login login();

    /** One place, many accounts. */
    Stuffing stuffing();

    /** One account, many places. */
    Spraying spraying();

    /** Many places of one network. */
    DistributedFlood distributedFlood();

    /** What a web application firewall refused. */
    Waf waf();

    /** What an application refused with 401 or 403. */
    AccessDenied accessDenied();

    /** Floods that a gateway saw. */
    Flood flood();

    /** How long what places do wrong is kept, for the windows of what counts it and for {@code /api/v1/offenders}. */
    @WithDefault("PT48H")
    @DurationMin(minutes = 30)
    Duration retention();

    /** Distinct members of a group within a window. */
    interface Crowd {
        /** False: not even counted. */
        @WithDefault("true")
        boolean enabled();

        /** Distinct ones within the window. */
        @WithDefault("10")
        @Min(2)
        @Max(1_000)
        int threshold();

        /** Within how long. */
        @WithDefault("PT1H")
        @DurationMin(minutes = 1)
        @DurationMax(hours = 24)
        Duration window();

        /** Whether anybody is blocked; attacks are told of all the same. */
        @WithDefault("true")
        boolean block();

        /** How long. */
        @WithDefault("PT1H")
        @DurationMin(seconds = 1)
        @DurationMax(days = 3_653)
        Duration duration();

        /** Attacks are told of as watched only, and nobody is blocked. */
        @WithDefault("false")
        boolean shadow();
    }

    /** Misdeeds of one place within a window. */
    interface Counted {
        /** False: not even counted. */
        @WithDefault("true")
        boolean enabled();

        /** How many get a place blocked. */
        @Min(1)
        @Max(10_000)
        int limit();

        /** Within how long. */
        @WithDefault("PT10M")
        @DurationMin(seconds = 1)
        @DurationMax(days = 1)
        Duration window();

        /** How long it is blocked. */
        @WithDefault("PT15M")
        @DurationMin(seconds = 1)
        @DurationMax(days = 3_653)
        Duration duration();

        /** Conclusions are noted, and nobody is blocked. */
        @WithDefault("false")
        boolean shadow();
    }

    /** Failed sign-ins of one address; the place is blocked. */
    interface Login extends Counted {
        @Override
        @WithDefault("5")
        int limit();

        @Override
        @WithDefault("PT15M")
        Duration window();

        @Override
        @WithDefault("PT24H")
        Duration duration();
    }

    /** Accounts with failed sign-ins from one address; the place is blocked. */
    interface Stuffing extends Crowd {
        @Override
        @WithDefault("PT24H")
        Duration duration();
    }

    /** Places with failed sign-ins as one account; each is blocked, but for those where the account signed in before. */
    interface Spraying extends Crowd {}

    /** Misbehaving places of a network. Others may live there too: it is blocked where somebody asks for that only. */
    interface DistributedFlood extends Crowd {
        @Override
        @WithDefault("20")
        int threshold();

        @Override
        @WithDefault("PT10M")
        Duration window();

        @Override
        @WithDefault("false")
        boolean block();

        /** Bits of an IPv4 network whose places count together. */
        @WithDefault("24")
        @Min(24)
        @Max(31)
        int v4Prefix();

        /** Bits of an IPv6 network whose places count together. */
        @WithDefault("48")
        @Min(Network.V6_SITE)
        @Max(Network.V6_CLIENT - 1)
        int v6Prefix();
    }

    /** Requests that a web application firewall refused. */
    interface Waf extends Counted {
        @Override
        @WithDefault("20")
        int limit();

        @Override
        @WithDefault("PT1H")
        Duration duration();
    }

    /** Requests answered with 401 or 403. A client with an old token makes many: it is only watched unless asked for. */
    interface AccessDenied extends Counted {
        @Override
        @WithDefault("200")
        int limit();

        @Override
        @WithDefault("true")
        boolean shadow();
    }

    /** Reports of a gateway that a place sends more than it may. */
    interface Flood extends Counted {
        @Override
        @WithDefault("3")
        int limit();
    }
}
