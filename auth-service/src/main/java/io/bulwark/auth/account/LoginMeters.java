package io.bulwark.auth.account;

import io.bulwark.events.SecurityEvent.LoginFailed.Reason;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;

/** Counters that exist from the start, so that an alert sees the first failure as a rise from 0. */
@ApplicationScoped
class LoginMeters {
    private final Map<Reason, Counter> failed = new EnumMap<>(Reason.class);
    private final Counter succeeded;
    private final Counter lockouts;

    LoginMeters(MeterRegistry metrics) {
        for (var reason : Reason.values()) {
            failed.put(reason, attempts(metrics, reason.name().toLowerCase(Locale.ROOT)));
        }
        succeeded = attempts(metrics, "succeeded");
        lockouts = Counter.builder("auth.lockouts")
                .description("Accounts locked after too many failures")
                .register(metrics);
    }

    void failed(Reason reason) {
        failed.get(reason).increment();
    }

    void succeeded() {
        succeeded.increment();
    }

    void locked() {
        lockouts.increment();
    }

    private static Counter attempts(MeterRegistry metrics, String outcome) {
        return Counter.builder("auth.login.attempts")
                .description("Attempts to sign in by outcome")
                .tag("outcome", outcome)
                .register(metrics);
    }
}
