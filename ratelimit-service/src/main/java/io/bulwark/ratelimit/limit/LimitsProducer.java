package io.bulwark.ratelimit.limit;

import io.agroal.api.AgroalDataSource;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.security.SecureRandom;
import java.sql.SQLException;
import java.time.InstantSource;

/** Makes the service's {@link Limits}, keyed by the secret that all replicas share. */
final class LimitsProducer {
    private static final String PROPOSE = "insert into limit_secret (k0, k1) values (?, ?) on conflict do nothing";
    private static final String READ = "select k0, k1 from limit_secret";

    @Produces
    @Singleton
    Limits limits(LimitsConfig config, AgroalDataSource dataSource, InstantSource clock, MeterRegistry metrics) {
        try (var connection = dataSource.getConnection();
                var propose = connection.prepareStatement(PROPOSE);
                var read = connection.prepareStatement(READ)) {
            var random = new SecureRandom();
            propose.setLong(1, random.nextLong());
            propose.setLong(2, random.nextLong());
            propose.executeUpdate();
            try (var row = read.executeQuery()) {
                row.next();
                var now = new SteadyClock(clock, System::nanoTime);
                return counted(new Limits(config.keys(), row.getLong(1), row.getLong(2), now), metrics);
            }
        } catch (SQLException e) {
            throw new IllegalStateException("The secret of the counters cannot be read: " + e.getMessage(), e);
        }
    }

    private static Limits counted(Limits limits, MeterRegistry metrics) {
        Gauge.builder("ratelimit.keys", limits, Limits::tracked)
                .description("Keys that are being counted")
                .register(metrics);
        FunctionCounter.builder("ratelimit.overflows", limits, Limits::overflowed)
                .description("Decisions about keys for which there was no room, counted together with others")
                .register(metrics);
        return limits;
    }
}
