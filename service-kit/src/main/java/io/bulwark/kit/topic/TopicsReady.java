package io.bulwark.kit.topic;

import io.bulwark.events.InternalTopic;
import io.bulwark.events.Topic;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.common.annotation.Identifier;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/**
 * Before any channel starts: topics that are missing are made, where this principal may, and a topic with another
 * cleanup policy or too few partitions stops the service, since it would lose states or order.
 */
@ApplicationScoped
class TopicsReady {
    private static final Logger LOG = Logger.getLogger(TopicsReady.class);
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Map<String, Object> kafka;
    private final TopicNames names;
    private final short replicationFactor;
    private final String service;

    TopicsReady(
            @Identifier("default-kafka-broker") Map<String, Object> kafka,
            TopicNames names,
            @ConfigProperty(name = "bulwark.replication-factor") short replicationFactor,
            @ConfigProperty(name = "quarkus.application.name") String service) {
        this.kafka = kafka;
        this.names = names;
        this.replicationFactor = replicationFactor;
        this.service = service;
    }

    void start(@Observes @Priority(1) StartupEvent event) {
        var config = new HashMap<>(kafka);
        config.put("default.api.timeout.ms", (int) PATIENCE.toMillis());
        try (var admin = Admin.create(config)) {
            var existing = get(admin.listTopics().names());
            create(admin, missing(existing));
            check(admin, existing);
        }
    }

    private List<NewTopic> missing(Set<String> existing) {
        var missing = new ArrayList<NewTopic>();
        for (var topic : Topic.values()) {
            missing.add(newTopic(names.of(topic), Topic.PARTITIONS, topic.settings()));
            missing.add(newTopic(names.deadLettersOf(topic), Topic.PARTITIONS, Topic.deadLetterSettings()));
        }
        for (var topic : ownTopics()) {
            missing.add(newTopic(names.of(topic), InternalTopic.PARTITIONS, topic.settings()));
        }
        missing.removeIf(topic -> existing.contains(topic.name()));
        return missing;
    }

    private NewTopic newTopic(String name, int partitions, Map<String, String> settings) {
        return new NewTopic(name, partitions, replicationFactor).configs(settings);
    }

    private List<InternalTopic> ownTopics() {
        return Stream.of(InternalTopic.values())
                .filter(topic -> topic.owner().equals(service))
                .toList();
    }

    private static void create(Admin admin, List<NewTopic> missing) {
        admin.createTopics(missing).values().forEach((name, created) -> {
            try {
                get(created);
                LOG.infof("Made the topic %s", name);
            } catch (TopicExistsException e) {
                LOG.debugf("Another replica made %s", name);
            } catch (AuthorizationException e) {
                LOG.debugf("%s is not ours to see or to make", name);
            }
        });
    }

    private void check(Admin admin, Set<String> existing) {
        for (var topic : Topic.values()) {
            var name = names.of(topic);
            if (existing.contains(name)) {
                checkPartitions(get(
                        admin.describeTopics(List.of(name)).topicNameValues().get(name)));
                checkPolicy(admin, topic.settings(), name);
            }
        }
        for (var topic : ownTopics()) {
            if (existing.contains(names.of(topic))) {
                checkPolicy(admin, topic.settings(), names.of(topic));
            }
        }
    }

    private static void checkPartitions(TopicDescription description) {
        if (description.partitions().size() < Topic.PARTITIONS) {
            throw new UnfitTopic("%s has %d partitions, and needs %d"
                    .formatted(description.name(), description.partitions().size(), Topic.PARTITIONS));
        }
    }

    private static void checkPolicy(Admin admin, Map<String, String> settings, String name) {
        var resource = new ConfigResource(ConfigResource.Type.TOPIC, name);
        try {
            var policy = get(admin.describeConfigs(List.of(resource)).values().get(resource))
                    .get("cleanup.policy")
                    .value();
            var needed = settings.get("cleanup.policy");
            if (!policy.equals(needed)) {
                throw new UnfitTopic("%s has cleanup.policy=%s, and needs %s".formatted(name, policy, needed));
            }
        } catch (AuthorizationException e) {
            LOG.debugf("The settings of %s are not ours to see", name);
        }
    }

    private static <T> T get(KafkaFuture<T> future) {
        try {
            return future.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new IllegalStateException(e.getCause());
        } catch (TimeoutException e) {
            throw new IllegalStateException("Kafka did not answer within " + PATIENCE, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** A topic that would lose what it is meant to keep. */
    static final class UnfitTopic extends RuntimeException {
        private static final long serialVersionUID = 1L;

        UnfitTopic(String message) {
            super(message, null, false, false);
        }
    }
}
