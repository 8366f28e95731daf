package io.bulwark.testkit;

import java.util.HashMap;
import java.util.Map;

/** The configuration of a Kafka client that connects as one of the principals. */
public final class KafkaClients {
    private KafkaClients() {}

    /** @param principal such as {@code auth-service} or {@code consumer} */
    public static Map<String, Object> as(String principal) {
        return as(principal, TestSettings.get(TestSettings.KAFKA_PASSWORD + principal));
    }

    static Map<String, Object> as(String principal, String password) {
        var config = new HashMap<String, Object>();
        config.put("bootstrap.servers", TestSettings.get(TestSettings.KAFKA));
        config.put("security.protocol", "SASL_PLAINTEXT");
        config.put("sasl.mechanism", "SCRAM-SHA-256");
        config.put(
                "sasl.jaas.config",
                "org.apache.kafka.common.security.scram.ScramLoginModule required username=\"%s\" password=\"%s\";"
                        .formatted(principal, password));
        return config;
    }
}
