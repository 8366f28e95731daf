package io.bulwark.kit.topic;

import io.bulwark.events.InternalTopic;
import io.bulwark.events.Topic;
import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.config.Config;

/** The names that the topics have here: {@code bulwark.topic.<name>}, unless it is their own. */
@ApplicationScoped
public class TopicNames {
    private final Config config;

    TopicNames(Config config) {
        this.config = config;
    }

    public String of(Topic topic) {
        return of(topic.topicName());
    }

    public String of(InternalTopic topic) {
        return of(topic.topicName());
    }

    public String deadLettersOf(Topic topic) {
        return of(topic) + ".dlq";
    }

    static String setting(String topicName) {
        return "bulwark.topic." + topicName;
    }

    private String of(String topicName) {
        return config.getOptionalValue(setting(topicName), String.class).orElse(topicName);
    }
}
