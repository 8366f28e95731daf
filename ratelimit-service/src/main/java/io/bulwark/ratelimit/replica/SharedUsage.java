package io.bulwark.ratelimit.replica;

import io.bulwark.events.InternalTopic;
import io.bulwark.kit.topic.TopicNames;
import io.bulwark.ratelimit.limit.Limits;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.common.annotation.Identifier;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/** This replica's exchange with the others. Not ready before it knows what was counted: a restart gives nobody more. */
@Readiness
@Singleton
class SharedUsage implements HealthCheck {
    private final UsageExchange exchange;

    SharedUsage(
            @Identifier("default-kafka-broker") Map<String, Object> kafka,
            TopicNames names,
            Limits limits,
            ReplicasConfig config,
            MeterRegistry metrics) {
        exchange = new UsageExchange(kafka, names.of(InternalTopic.LIMIT_USAGE), limits.usage(), config);
        measure(metrics);
    }

    void start(@Observes StartupEvent event) {
        exchange.start();
    }

    void stop(@Observes ShutdownEvent event) {
        exchange.close();
    }

    @Override
    public HealthCheckResponse call() {
        return HealthCheckResponse.named("counts known")
                .status(exchange.isReady())
                .build();
    }

    private void measure(MeterRegistry metrics) {
        Gauge.builder("ratelimit.replicas", exchange, UsageExchange::replicas)
                .description("Replicas that share the limits, this one among them")
                .register(metrics);
        Gauge.builder("ratelimit.usage.lag", exchange, it -> (double) it.lag() / TimeUnit.SECONDS.toNanos(1))
                .baseUnit("seconds")
                .description("From telling the other replicas what was counted to their reading it")
                .register(metrics);
        FunctionCounter.builder("ratelimit.usage.batches", exchange.teller(), UsageTeller::batches)
                .description("Batches of counts told to the other replicas")
                .register(metrics);
        FunctionCounter.builder("ratelimit.usage.entries", exchange, UsageExchange::entries)
                .description("Keys in these batches")
                .register(metrics);
        FunctionCounter.builder("ratelimit.usage.failures", exchange.teller(), UsageTeller::failures)
                .description("Batches that the broker did not take, and that are sent again")
                .register(metrics);
    }
}
