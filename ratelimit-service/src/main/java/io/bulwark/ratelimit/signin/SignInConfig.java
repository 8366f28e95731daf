package io.bulwark.ratelimit.signin;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;

/** What an operator may set about known-good sign-ins. */
@ConfigMapping(prefix = "bulwark.ratelimit.sign-in")
public interface SignInConfig {
    /**
     * How long before an attack an account must have signed in from a place to be at home there. An attacker who guesses a
     * password signs in as well, but not days before.
     */
    @WithDefault("P1D")
    @DurationMin(minutes = 1)
    @DurationMax(days = 365)
    Duration settled();

    /** How long after its last sign-in from a place an account is forgotten there. */
    @WithDefault("P90D")
    @DurationMin(days = 1)
    @DurationMax(days = 3_653)
    Duration retention();
}
