package io.bulwark.ratelimit.rule;

import io.bulwark.kit.topic.TopicNames;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.common.annotation.Identifier;
import jakarta.enterprise.context.Dependent;
import java.util.List;
import java.util.Map;

/** The rules of a replica that has not read them yet. */
@Dependent
public class StartingRules {
    private final RuleFeed feed;

    StartingRules(@Identifier("default-kafka-broker") Map<String, Object> kafka, TopicNames names) {
        feed = new RuleFeed(List.of(), kafka, names, new SimpleMeterRegistry());
    }

    public RuleFeed feed() {
        return feed;
    }

    public void load() {
        feed.start(new StartupEvent());
    }

    public void stop() {
        feed.stop(new ShutdownEvent());
    }
}
