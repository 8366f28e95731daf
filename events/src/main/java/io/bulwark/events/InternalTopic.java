package io.bulwark.events;

import java.time.Duration;
import java.util.Map;

/**
 * Topics on which the replicas of one service speak among themselves. They are no part of the contract: nobody but their
 * owner reads or writes them, they carry no CloudEvents, and they have no dead letters.
 */
public enum InternalTopic {
    /** What ratelimit-service's replicas have counted. In one partition, so that all of them read it in one order. */
    LIMIT_USAGE(
            "limit-usage",
            "ratelimit-service",
            Map.of(
                    "cleanup.policy", "delete",
                    "retention.ms", Long.toString(Duration.ofDays(7).toMillis()),
                    "retention.bytes", Long.toString(2L << 30),
                    "segment.bytes", Long.toString(128L << 20)));

    /** Partitions of every internal topic. */
    public static final int PARTITIONS = 1;

    private final String topicName;
    private final String owner;
    private final Map<String, String> settings;

    InternalTopic(String topicName, String owner, Map<String, String> settings) {
        this.topicName = topicName;
        this.owner = owner;
        this.settings = settings;
    }

    /** The name it has unless configuration says otherwise. */
    public String topicName() {
        return topicName;
    }

    /** The Kafka principal (application name) that alone may read and write it. */
    public String owner() {
        return owner;
    }

    /** The topic configuration it is created with, apart from partitions and replication. */
    public Map<String, String> settings() {
        return settings;
    }
}
