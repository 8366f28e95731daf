package io.bulwark.ratelimit.rule;

import static io.bulwark.ratelimit.Api.SOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.bulwark.kit.topic.TopicNames;
import io.bulwark.testkit.SuiteTest;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.common.annotation.Identifier;
import jakarta.inject.Inject;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

@SuiteTest
class RuleFeedTest {
    @Inject
    TopicNames names;

    @Inject
    @Identifier("default-kafka-broker")
    Map<String, Object> kafka;

    @Test
    void whatNobodyCanTellOfIsReadFromPostgres() {
        var postures = new Postures();
        var metrics = new SimpleMeterRegistry();
        var away = new HashMap<>(kafka);
        away.put("bootstrap.servers", "localhost:1");
        var feed = new RuleFeed(List.of(postures), away, names, metrics);
        feed.start(new StartupEvent());

        feed.readUntold();
        assertThat(metrics.get("ratelimit.feed.silence")
                        .tag("feed", "rules")
                        .gauge()
                        .value())
                .isLessThan(10);

        await().atMost(SOON).untilAsserted(() -> {
            feed.readUntold();
            assertThat(postures.read).hasPositiveValue();
        });
        assertThat(metrics.get("ratelimit.feed.silence")
                        .tag("feed", "rules")
                        .gauge()
                        .value())
                .isGreaterThan(10);
        feed.stop(new ShutdownEvent());
    }

    private static final class Postures implements RuleSet {
        private final AtomicInteger read = new AtomicInteger();

        @Override
        public RuleKind kind() {
            return RuleKind.POSTURE;
        }

        @Override
        public void reload() {
            read.incrementAndGet();
        }
    }
}
