package io.bulwark.events;

import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Bulwark's topics with the settings they are created with and the principals that may write them. */
public enum Topic {
    SECURITY_EVENTS("security-events", Duration.ofDays(30), Principals.ALL),
    IP_BLOCKED("ip-blocked", null, Set.of(Principals.RATELIMIT)),
    DECISION_RULES("decision-rules", null, Set.of(Principals.RATELIMIT)),
    INCIDENTS("incidents", Duration.ofDays(90), Set.of(Principals.INCIDENT)),
    RESPONSE_ACTIONS("response-actions", Duration.ofDays(30), Set.of(Principals.INCIDENT)),
    RESPONSE_OUTCOMES("response-outcomes", Duration.ofDays(30), Principals.ALL),
    BACKUPS("backups", Duration.ofDays(90), Set.of(Principals.BACKUP)),
    REVOCATIONS("revocations", null, Set.of(Principals.AUTH)),
    AUDIT_TRAIL("audit-trail", Duration.ofDays(30), Principals.ALL);

    /** Partitions of every topic, and so the most replicas of a service that share its work. */
    public static final int PARTITIONS = 12;

    /** How long a dead letter is kept. */
    public static final Duration DEAD_LETTER_RETENTION = Duration.ofDays(30);

    /** Younger records are not compacted away, so that audit-service has read what compaction removes. */
    public static final Duration MIN_COMPACTION_LAG = Duration.ofDays(7);

    private final String topicName;
    private final @Nullable Duration retention;
    private final Set<String> writers;

    Topic(String topicName, @Nullable Duration retention, Set<String> writers) {
        this.topicName = topicName;
        this.retention = retention;
        this.writers = writers;
    }

    /** The name it has unless configuration says otherwise; also the name of its channel. */
    public String topicName() {
        return topicName;
    }

    public String deadLetterTopic() {
        return topicName + ".dlq";
    }

    /** True where the newest record per key is the state. */
    public boolean compacted() {
        return retention == null;
    }

    /** How long a record is kept; a compacted topic keeps the newest per key for ever and answers with 30 days for the rest. */
    public Duration retention() {
        return retention == null ? Duration.ofDays(30) : retention;
    }

    /** The Kafka principals (application names) that may write it. Registered applications may write security-events too. */
    public Set<String> writers() {
        return writers;
    }

    /** The topic configuration it is created with, apart from partitions and replication. */
    public Map<String, String> settings() {
        var settings = new TreeMap<String, String>();
        if (compacted()) {
            settings.put("cleanup.policy", "compact");
            settings.put("min.compaction.lag.ms", Long.toString(MIN_COMPACTION_LAG.toMillis()));
        } else {
            settings.put("cleanup.policy", "delete");
            settings.put("retention.ms", Long.toString(retention().toMillis()));
        }
        return settings;
    }

    /** The configuration of every dead-letter topic. */
    public static Map<String, String> deadLetterSettings() {
        return Map.of("cleanup.policy", "delete", "retention.ms", Long.toString(DEAD_LETTER_RETENTION.toMillis()));
    }

    /** @throws IllegalArgumentException where no topic has this name */
    public static Topic named(String topicName) {
        return Arrays.stream(values())
                .filter(topic -> topic.topicName.equals(topicName))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("No topic is named " + topicName));
    }

    private static final class Principals {
        static final String AUTH = "auth-service";
        static final String RATELIMIT = "ratelimit-service";
        static final String INCIDENT = "incident-service";
        static final String BACKUP = "backup-service";
        static final Set<String> ALL = Set.of(AUTH, RATELIMIT, INCIDENT, BACKUP, "audit-service");
    }
}
