package io.bulwark.ratelimit.rule;

import io.bulwark.events.CloudEventBinding;
import io.bulwark.events.RuleEvent;
import io.bulwark.events.Topic;
import io.bulwark.events.UnreadableEvent;
import io.bulwark.kit.topic.TopicFollower;
import io.bulwark.kit.topic.TopicNames;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.arc.All;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ApplicationNotRunning;
import io.smallrye.common.annotation.Identifier;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Keeps every {@link RuleSet} true: all are read at the start, then those of a kind whenever the topic says that one of them
 * has changed. An event tells when to read, not what the rule says, so nothing depends on the order in which they come. While
 * Kafka is away rules change all the same: then all are read again and again.
 */
@Singleton
public class RuleFeed {
    private static final Logger LOG = Logger.getLogger(RuleFeed.class);
    private static final Duration GLANCE = Duration.ofMillis(20);

    private final List<RuleSet> sets;
    private final TopicFollower follower;
    private final RuleReloads reloads;
    private volatile boolean stopping;

    RuleFeed(
            @All List<RuleSet> sets,
            @Identifier("default-kafka-broker") Map<String, Object> kafka,
            TopicNames names,
            MeterRegistry metrics) {
        this.sets = sets;
        this.follower = new TopicFollower(kafka, names.of(Topic.DECISION_RULES), this::follow);
        this.reloads = new RuleReloads(this::reload);
        Gauge.builder("ratelimit.feed.silence", follower, it -> it.silence().toMillis() / 1e3)
                .baseUnit("seconds")
                .tag("feed", "rules")
                .description("Since Kafka was last heard of; a few while all is well")
                .register(metrics);
    }

    /** False until every rule is known: until then nobody may be let through. */
    public boolean isLoaded() {
        return follower.caughtUp();
    }

    /**
     * Waits until every rule is known: whoever blocks by himself must know whom he must not.
     *
     * @throws IllegalStateException where the service stops before
     */
    public void awaitLoaded() {
        while (!isLoaded()) {
            if (stopping || Thread.currentThread().isInterrupted()) {
                throw new IllegalStateException("Stopped before every rule was known");
            }
            LockSupport.parkNanos(GLANCE.toNanos());
        }
    }

    void start(@Observes StartupEvent event) {
        reloads.start();
        follower.followAfter(reloads::readAll);
    }

    void stop(@Observes ShutdownEvent event) {
        stopping = true;
        follower.close();
        reloads.close();
    }

    /** What nobody can tell of. */
    @Scheduled(every = "10s", skipExecutionIf = ApplicationNotRunning.class)
    void readUntold() {
        if (follower.isSilent()) {
            Arrays.stream(RuleKind.values()).forEach(reloads::request);
        }
    }

    private void follow(ConsumerRecord<String, byte @Nullable []> consumed) {
        var value = consumed.value();
        if (value == null) {
            return;
        }
        try {
            CloudEventBinding.read(consumed.headers(), value, RuleEvent.class)
                    .flatMap(event -> RuleKind.of(event.data().kind()))
                    .ifPresent(reloads::request);
        } catch (UnreadableEvent e) {
            LOG.errorf("Rule at %d/%d cannot be read: %s", consumed.partition(), consumed.offset(), e.getMessage());
        }
    }

    private void reload(RuleKind kind) {
        for (var set : sets) {
            if (set.kind() == kind) {
                QuarkusTransaction.requiringNew().run(set::reload);
            }
        }
    }
}
